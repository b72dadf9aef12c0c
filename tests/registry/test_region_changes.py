from datetime import UTC, date, datetime

import pytest

from registry.errors import ChangeDayWrong, ChangeShapeWrong, RegionCodeTaken
from registry.models import Region, RegionChange, RegionSuccession, RegionVersion
from registry.queries.place_now import place_now
from registry.queries.places import version_by_code, version_on
from registry.signals import regions_changed
from tests.factories.registry import HouseholdFactory, PersonFactory, UserFactory
from tests.registry.places_in_time import TODAY, at, change, codes_on, plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_map")]


MERGED = date(2016, 6, 1)


BEFORE, AFTER = date(2016, 5, 31), date(2016, 6, 1)


@pytest.fixture
def town():
    """A county with two towns, three villages and one."""
    return plant(
        {
            "99": "示例省",
            "9901": "示例市",
            "990101": "甲县",
            "990102": "乙县",
            "990101100": "东镇",
            "990101101": "西镇",
            "990102100": "南镇",
            "990101100200": "一村",
            "990101100201": "二村",
            "990101100202": "三村",
            "990101101200": "四村",
            "990102100200": "五村",
        }
    )


def test_rename_keeps_code_and_place_tongchuan_1999():
    plant({"61": "陕西省", "6102": "铜川市", "610202": "城区", "610202001": "七一路街道"})
    district = at("610202", TODAY)

    change("rename", date(2000, 4, 13), [district], [("610202", "王益区")], "国函〔2000〕33号")

    assert version_on(district, date(2000, 4, 12)).name == "城区"
    assert version_on(district, date(2000, 4, 13)).name == "王益区"
    assert version_by_code("610202001").region.versions.count() == 1
    assert place_now(district, date(1999, 1, 1), TODAY) == district


TONGREN = {
    "52": "贵州省",
    "5222": "铜仁地区",
    "522201": "铜仁市",
    "522222": "江口县",
    "522230": "万山特区",
    "522201001": "市中街道",
    "522201001001": "共同社区居委会",
    "522222100": "双江镇",
    "522222100200": "示例村委会",
}


TONGREN_CODES = {
    "522201": ("520602", "碧江区"),
    "522222": "520621",
    "522230": ("520603", "万山区"),
}


def test_recode_of_a_prefecture_takes_all_below_with_it_tongren_2011():
    places = plant(TONGREN)
    on = date(2011, 11, 15)

    change("upgrade", on, [places["5222"]], [("5206", "铜仁市")], "国函〔2011〕130号", codes=TONGREN_CODES)

    assert codes_on(date(2011, 11, 14), "5222") == {c: n for c, n in TONGREN.items() if c != "52"}
    assert codes_on(on, "52") == {
        "52": "贵州省",
        "5206": "铜仁市",
        "520602": "碧江区",
        "520603": "万山区",
        "520621": "江口县",
        "520602001": "市中街道",
        "520602001001": "共同社区居委会",
        "520621100": "双江镇",
        "520621100200": "示例村委会",
    }
    assert Region.objects.count() == len(TONGREN)
    # The name lives on one level up: the county-level 铜仁市 of 2010 is 碧江区 now.
    old = version_by_code("522201", date(2010, 1, 1))
    assert (old.name, version_on(old.region, TODAY).name) == ("铜仁市", "碧江区")
    assert version_by_code("5206").region == places["5222"]


def test_recode_by_own_digits_without_a_map():
    places = plant(TONGREN)

    change("recode", date(2011, 11, 15), [places["5222"]], ["5206"])

    assert "520630" in codes_on(TODAY)
    assert version_by_code("520622100200").region == places["522222100200"]
    assert version_by_code("5206").name == "铜仁地区"


def test_merge_of_villages_ends_them_and_opens_one(town):
    merged = change(
        "merge", MERGED, [town["990101100200"], town["990101100201"]], [("990101100203", "一二村")]
    )

    (new,) = merged.to_regions.all()
    assert codes_on(BEFORE, "990101100").keys() == {
        "990101100",
        "990101100200",
        "990101100201",
        "990101100202",
    }
    assert codes_on(AFTER, "990101100").keys() == {"990101100", "990101100202", "990101100203"}
    assert {place_now(town[code], BEFORE, TODAY) for code in ("990101100200", "990101100201")} == {new}
    assert place_now(town["990101100200"], BEFORE, BEFORE) == town["990101100200"]
    assert version_on(new, AFTER).parent == town["990101100"]


def test_merge_may_give_the_new_village_a_code_of_the_old(town):
    change("merge", MERGED, [town["990101100200"], town["990101100201"]], [("990101100200", "一村")])

    assert at("990101100200", BEFORE) == town["990101100200"]
    assert at("990101100200", AFTER) not in town.values()


def test_merge_into_a_village_that_goes_on(town):
    change("merge", MERGED, [town["990101100200"]], ["990101100201"])

    assert place_now(town["990101100200"], BEFORE, TODAY) == town["990101100201"]
    assert town["990101100201"].versions.count() == 1


def test_people_live_where_their_village_went(town):
    person = PersonFactory(village=town["990101100200"])
    household = HouseholdFactory(village=town["990101100200"])

    merged = change(
        "merge", MERGED, [town["990101100200"], town["990101100201"]], [("990101100203", "一二村")]
    )

    person.refresh_from_db()
    household.refresh_from_db()
    assert person.village == household.village == merged.to_regions.get()


def test_merge_of_towns_moves_their_villages_and_provisional_codes_solve_clashes(town):
    change("merge", MERGED, [town["990101101"]], ["990101100"])

    moved = version_on(town["990101101200"], TODAY)
    assert (moved.code, moved.is_provisional, moved.parent) == ("990101100900", True, town["990101100"])
    assert place_now(town["990101101200"], BEFORE, TODAY) == town["990101101200"]
    assert place_now(town["990101101"], BEFORE, TODAY) == town["990101100"]


def test_merge_of_towns_takes_codes_from_the_map(town):
    change("merge", MERGED, [town["990101101"]], ["990101100"], codes={"990101101200": "990101100250"})

    assert version_on(town["990101101200"], TODAY).code == "990101100250"


def test_hunan_2016_township_merger_at_scale():
    """Two townships of twenty villages become one, then the villages merge in twos: 39 % fewer codes."""
    villages = {f"4311251{t}{200 + v}": f"村{t}{v}" for t in ("00", "01") for v in range(20)}
    places = plant(
        {"43": "湖南省", "4311": "永州市", "431125": "江永县", "431125100": "甲乡", "431125101": "乙乡"}
        | villages
    )
    on = date(2016, 6, 1)

    change("merge", on, [places["431125101"]], ["431125100"], "湘民行发〔2015〕1号")
    for number in range(0, 20, 2):
        pair = [places[f"431125100{200 + number}"], places[f"431125100{201 + number}"]]
        change("merge", on, pair, [(f"431125100{300 + number}", f"新村{number}")], f"并村{number}号")

    now = {place_now(places[code], date(2016, 3, 1), TODAY) for code in villages}
    assert len(now) == 30
    assert None not in now
    assert len(codes_on(date(2016, 3, 1), "431125")) == 43
    assert len(codes_on(TODAY, "431125")) == 32


def test_transfer_moves_a_town_with_its_villages(town):
    on = date(2025, 11, 6)

    change("transfer", on, [town["990101101"]], ["990102"])

    assert version_on(town["990101101"], on).parent == town["990102"]
    assert version_on(town["990101101200"], on).code == "990102101200"
    assert place_now(town["990101101200"], date(2025, 5, 1), TODAY) == town["990101101200"]
    # Who is known only as "in the county" may live in the town that left: nobody can say.
    assert place_now(town["990101"], date(2025, 5, 1), TODAY) is None
    assert place_now(town["990101"], on, TODAY) == town["990101"]
    assert place_now(town["990102"], date(2025, 5, 1), TODAY) == town["990102"]
    assert place_now(town["9901"], date(2025, 5, 1), TODAY) == town["9901"]


def test_split_leaves_what_is_not_mapped_unallocated(town):
    split = change(
        "split",
        MERGED,
        [town["990101"]],
        [("990103", "丙县"), ("990104", "丁县")],
        pieces={"990101100": "990103"},
    )

    assert split.to_regions.count() == 2
    assert version_on(town["990101100200"], TODAY).code == "990103100200"
    assert place_now(town["990101100200"], BEFORE, TODAY) == town["990101100200"]
    assert place_now(town["990101101"], BEFORE, TODAY) is None
    assert place_now(town["990101101200"], BEFORE, TODAY) is None
    assert version_on(town["990101101200"], TODAY) is None
    assert place_now(town["990101"], BEFORE, TODAY) is None


def test_split_off_a_part_of_a_town_that_goes_on(town):
    change(
        "split",
        MERGED,
        [town["990101100"]],
        ["990101100", ("990101102", "北镇")],
        pieces={"990101100200": "990101100", "990101100201": "990101102", "990101100202": "990101102"},
    )

    assert version_on(town["990101100200"], TODAY).code == "990101100200"
    assert version_on(town["990101100201"], TODAY).code == "990101102201"
    assert version_on(town["990101100"], TODAY).name == "东镇"
    assert place_now(town["990101100"], BEFORE, TODAY) is None


def test_abolish_leaves_everything_below_unallocated(town):
    change("abolish", MERGED, [town["990101101"]])

    assert place_now(town["990101101200"], BEFORE, TODAY) is None
    assert version_on(town["990101101200"], BEFORE).code == "990101101200"


def test_changes_on_one_day_leave_no_version_of_no_days(town):
    change("rename", MERGED, [town["990101100"]], [("990101100", "大东镇")], "一号")
    change("rename", MERGED, [town["990101100"]], [("990101100", "新东镇")], "二号")

    assert list(town["990101100"].versions.order_by("valid").values_list("name", flat=True)) == [
        "东镇",
        "新东镇",
    ]


def test_change_knows_who_recorded_it_and_when(town):
    user = UserFactory()
    now = datetime(2016, 7, 1, 9, tzinfo=UTC)

    recorded = change("abolish", MERGED, [town["990101101"]], by=user, note="撤并", now=now)

    assert (recorded.recorded_by, recorded.recorded_at, recorded.note) == (user, now, "撤并")
    assert list(recorded.from_regions.all()) == [town["990101101"]]


def test_change_tells_who_keeps_versions(town):
    told = []

    def listen(change, replaced, **_kwargs):
        told.append((change, replaced))

    regions_changed.connect(listen)
    old = town["990101100"].versions.get()
    recorded = change("rename", MERGED, [town["990101100"]], [("990101100", "大东镇")])
    regions_changed.disconnect(listen)

    assert told == [(recorded, {old.pk: version_on(town["990101100"], TODAY).pk})]


@pytest.mark.parametrize(
    ("kind", "sources", "targets", "more"),
    [
        ("rename", ["990101"], [("990101", "甲县")], {}),  # the same name
        ("rename", ["990101"], [("990103", "丙县")], {}),  # another code
        ("rename", ["990101", "990102"], [("990101", "丙县")], {}),
        ("rename", ["990101"], [], {}),
        ("recode", ["990101"], ["990101"], {}),
        ("recode", ["990101"], ["990301"], {}),  # below another prefecture: that is a transfer
        ("recode", ["990101"], ["9903"], {}),
        ("upgrade", ["990101"], ["990103"], {}),  # without a name
        ("transfer", ["990101100"], ["990101"], {}),  # where it is
        ("transfer", ["990101100"], ["990101101"], {}),  # a town in a town
        ("transfer", ["990101100"], ["990109"], {}),  # to nowhere
        ("merge", ["990101100200"], [("990101100209", "新村")], {}),  # of one
        ("merge", ["990101100200", "990101100"], [("990101100209", "新村")], {}),  # of two levels
        ("merge", ["990101100200", "990101100201"], [("990101109", "新镇")], {}),
        ("split", ["990101"], [("990103", "丙县")], {}),
        ("split", ["990101"], [("990103", "丙县"), ("990104", "丁县")], {"pieces": {"990102100": "990103"}}),
        ("split", ["990101"], [("990103", "丙县"), ("990104", "丁县")], {"pieces": {"990101100": "990109"}}),
        ("split", ["990101", "990102"], [("990103", "丙县"), ("990104", "丁县")], {}),
        ("abolish", ["990101"], ["990102"], {}),
        ("abolish", [], [], {}),
        ("recode", ["990101"], ["990103"], {"codes": {"990101999": "990103999"}}),  # of no place
        ("recode", ["990101"], ["99010"], {}),
    ],
)
def test_change_of_the_wrong_shape_writes_nothing(town, kind, sources, targets, more):
    before = RegionVersion.objects.count()

    with pytest.raises(ChangeShapeWrong):
        change(kind, MERGED, [town[code] for code in sources], targets, **more)

    assert (RegionVersion.objects.count(), RegionChange.objects.count()) == (before, 0)


def test_change_cannot_take_the_code_of_another_place(town):
    with pytest.raises(RegionCodeTaken):
        change("recode", MERGED, [town["990101"]], ["990102"])
    with pytest.raises(RegionCodeTaken):
        change("merge", MERGED, [town["990101100200"], town["990101100201"]], [("990101100202", "新村")])
    with pytest.raises(RegionCodeTaken):
        change("merge", MERGED, [town["990101101"]], ["990101100"], codes={"990101101200": "990101100200"})


def test_change_lies_neither_ahead_nor_before_the_place(town):
    with pytest.raises(ChangeDayWrong):
        change("abolish", date(2026, 6, 2), [town["990101"]], now=datetime(2026, 6, 1, tzinfo=UTC))
    change("rename", MERGED, [town["990101"]], [("990101", "新甲县")])
    with pytest.raises(ChangeDayWrong):
        change("rename", BEFORE, [town["990101"]], [("990101", "丙县")])
    with pytest.raises(ChangeDayWrong):
        change("abolish", MERGED, [town["990101"]])  # the new name would have held for no day
    assert RegionChange.objects.count() == 1


def test_change_of_a_place_that_ended_is_refused(town):
    change("abolish", MERGED, [town["990101101"]])

    with pytest.raises(ChangeShapeWrong):
        change("rename", date(2020, 1, 1), [town["990101101"]], [("990101101", "新镇")])


def test_code_held_by_another_until_later_is_refused(town):
    change("recode", date(2020, 1, 1), [town["990101101"]], ["990101105"])

    with pytest.raises(ChangeDayWrong):
        change("recode", date(2019, 1, 1), [town["990101100"]], ["990101101"])
    assert RegionSuccession.objects.count() == 0
