import pytest

from registry.region_codes import (
    free_provisional_code,
    is_administrative,
    is_grouping,
    level_of,
    own_digits,
    parent_code,
    short_code,
)


@pytest.mark.parametrize(
    ("code", "level", "parent", "own"),
    [
        ("61", 1, "", "61"),
        ("6102", 2, "61", "02"),
        ("610204", 3, "6102", "04"),
        ("610204103", 4, "610204", "103"),
        ("610204103215", 5, "610204103", "215"),
    ],
)
def test_code_is_its_parents_code_and_own_digits(code, level, parent, own):
    assert (level_of(code), parent_code(code), own_digits(code)) == (level, parent, own)


@pytest.mark.parametrize(("printed", "ours"), [("610000", "61"), ("610200", "6102"), ("610204", "610204")])
def test_short_code_drops_empty_levels(printed, ours):
    assert short_code(printed) == ours


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("431171", "永州经济技术开发区"),
        ("320576", "苏州工业园区"),
        ("130180", "开发区"),
        ("441900", "东莞市"),
        ("442000", "中山市"),
        ("460400", "儋州市"),
        ("620201", "嘉峪关市"),
        ("1101", "市辖区"),
        ("5002", "县"),
        ("4290", "省直辖县级行政区划"),
    ],
)
def test_statistical_places_are_not_administrative(code, name):
    assert not is_administrative(code, name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("431170", "某县"),
        ("431181", "祁阳市"),
        ("4419", "东莞市"),
        ("441900003", "东城街道"),
        ("43", "湖南省"),
    ],
)
def test_real_places_are_administrative(code, name):
    assert is_administrative(code, name)


def test_grouping_names_are_whole_names():
    assert is_grouping("自治区直辖县级行政区划")
    assert not is_grouping("耀县")


def test_free_provisional_code_takes_the_first_gap_until_all_are_given():
    assert free_provisional_code("431125103", {"431125103900", "431125103902"}) == "431125103901"
    assert free_provisional_code("431125103", {f"431125103{n}" for n in range(900, 1000)}) is None
