"""The practice audience: what is said when, by whom, and that it is the same again."""

from collections import Counter

import pytest
import yaml

from livestream import audience
from livestream.audience import Moment, audience_for
from livestream.models import RunSegment
from livestream.risky_words import risky_words

LOOP = [
    Moment("hook", 0, 30, "核桃", "29.90"),
    Moment("who", 30, 60, "核桃", "29.90"),
    Moment("proof", 90, 90, "核桃", "29.90"),
    Moment("price", 180, 45, "核桃", "29.90"),
    Moment("order", 225, 45, "核桃", "29.90"),
    Moment("questions", 270, 30),
]
ATTEMPTS = range(1, 9)
SCRIPT = yaml.safe_load(audience._SCRIPT.read_text())


def loop(attempt=1, language="zh-hans"):
    return audience_for(LOOP, attempt=attempt, language=language)


def test_same_run_and_attempt_meet_the_same_audience():
    assert loop() == loop()


def test_next_attempt_meets_another_audience():
    assert [line.text for line in loop(1)] != [line.text for line in loop(2)]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_five_minutes_bring_eight_to_twelve_remarks_each_within_its_time(attempt):
    seconds = [line.second for line in loop(attempt)]

    assert 8 <= len(seconds) <= 12
    assert seconds == sorted(set(seconds))
    assert seconds[0] >= 4
    assert seconds[-1] < 300


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_five_minutes_hold_questions_a_bait_and_a_rude_remark(attempt):
    kinds = Counter(line.kind for line in loop(attempt))

    assert kinds["question"] >= 3
    assert kinds["bait"] >= 1
    assert kinds["rude"] >= 1


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_is_said_twice_in_five_minutes(attempt):
    texts = [line.text for line in loop(attempt)]

    assert len(texts) == len(set(texts))


def test_keys_are_unique_even_in_two_hours():
    evening = [Moment("proof", 300 * number, 300, "柚子") for number in range(24)]

    keys = [line.key for line in audience_for(evening, attempt=1, language="zh-hans")]

    assert len(keys) == len(set(keys)) > 100


def test_english_says_the_same_lines():
    chinese, english = loop(), loop(language="en")

    assert [(line.key, line.second) for line in chinese] == [(line.key, line.second) for line in english]
    assert all(line.text.isascii() or "“" in line.text or "核桃" in line.text for line in english)


def test_unknown_language_gets_chinese():
    assert loop(language="ii") == loop()


def test_lines_about_a_price_need_a_card_with_one():
    bare = [Moment("price", 0, 3000)]

    texts = [line.text for line in audience_for(bare, attempt=1, language="zh-hans")]

    assert not any("{" in text or "元是几斤" in text for text in texts)


def test_braces_on_a_card_are_harmless():
    odd = [Moment("who", 0, 3000, "{price}{0}", "9")]

    assert any("{price}{0}" in line.text for line in audience_for(odd, attempt=1, language="zh-hans"))


@pytest.mark.parametrize("kind", RunSegment.Kind.values)
def test_every_kind_of_segment_has_something_of_every_sort(kind):
    sorts = {line["kind"] for line in SCRIPT["lines"] if not line["in"] or kind in line["in"]}

    assert {"question", "rude"} <= sorts or {"greeting", "rude"} <= sorts


def test_script_is_whole_in_both_languages():
    keys = [line["key"] for line in SCRIPT["lines"]]
    assert len(keys) == len(set(keys))
    for line in SCRIPT["lines"]:
        assert set(line["text"]) == set(line["tip"]) == {"zh-hans", "en"}
        assert set(line["in"]) <= set(RunSegment.Kind.values)
        assert ("{price}" in line["text"]["en"]) == ("{price}" in line["text"]["zh-hans"])
        assert ("{product}" in line["text"]["en"]) == ("{product}" in line["text"]["zh-hans"])
    assert len(SCRIPT["names"]["en"]) == len(SCRIPT["names"]["zh-hans"])


def test_baits_ask_for_what_the_checker_warns_of():
    """A host who repeats the bait says a risky word; at least half of them are known to the word list."""
    baits = [line["text"]["zh-hans"] for line in SCRIPT["lines"] if line["kind"] == "bait"]

    assert sum(bool(risky_words(text)) for text in baits) >= len(baits) / 2


def test_short_segment_still_gets_one_remark():
    assert len(audience_for([Moment("hook", 0, 5)], attempt=1, language="en")) == 1
    assert audience_for([Moment("hook", 0, 3)], attempt=1, language="en") == []
