import pytest

from registry.names import MAX_LENGTH, clean_name, compare_key, name_flags


@pytest.mark.parametrize("dot", "•・･‧∙⋅．.·")
def test_clean_name_maps_every_dot_between_han_characters(dot):
    assert clean_name(f"阿依{dot}示例") == "阿依·示例"
    assert clean_name(f" 阿依 {dot} 示例 ") == "阿依·示例"


def test_clean_name_leaves_dots_of_latin_names():
    assert clean_name("J. Smith") == "J. Smith"


def test_clean_name_removes_padding_and_invisible_characters():
    assert clean_name("\ufeff张　三\u200b") == "张三"


def test_clean_name_keeps_characters_beyond_the_first_plane():
    assert clean_name("学员𠮷") == "学员𠮷"


def test_compare_key_folds_compatibility_ideographs_but_clean_name_does_not():
    assert clean_name("\uf9d1") == "\uf9d1"
    assert compare_key("\uf9d1") == compare_key("六")


def test_compare_key_ignores_case_and_spaces():
    assert compare_key("Anna  LI") == compare_key("annali")


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("学员甲", []),
        ("阿依·示例", []),
        ("张?", ["name_character_missing"]),
        ("张□", ["name_character_missing"]),
        ("张\ue000", ["name_private_character"]),
        ("张Shan", ["name_holds_letters"]),
        ("学员𠮷", ["name_rare_character"]),
        ("Anna Li", []),
    ],
)
def test_name_flags_names_what_staff_should_look_at(name, flags):
    assert name_flags(name) == flags


def test_names_have_room_for_fifty_characters():
    assert MAX_LENGTH >= 50
