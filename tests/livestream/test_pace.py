from livestream.pace import speaking_seconds


def test_script_of_240_characters_takes_a_minute():
    assert speaking_seconds("核" * 240) == 60


def test_punctuation_and_stage_directions_are_not_spoken():
    assert speaking_seconds("【钩子】" + "核,。!" * 80 + "[举起来]") == 20


def test_characters_beyond_the_plane_count():
    assert speaking_seconds("𠮷" * 120) == 30


def test_english_counts_in_words():
    assert speaking_seconds("word " * 140) == 60
