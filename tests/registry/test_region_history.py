from datetime import date

import pytest
from django.core.management import call_command

from registry.models import RegionVersion
from registry.queries.places import version_by_code, version_on
from registry.region_history import Revision, stem, trace
from registry.services import import_edition, import_history
from tests.factories.registry import RegionVersionFactory
from tests.registry.edition_files import write_edition

FIRST, LATER, LAST = date(2000, 12, 31), date(2001, 12, 31), date(2002, 12, 31)
EDITION = {
    "14": "山西省",
    "43": "湖南省",
    "61": "陕西省",
    "52": "贵州省",
    "4311": "永州市",
    "5206": "铜仁市",
    "6102": "铜川市",
    "6110": "商洛市",
    "431125": "江永县",
    "520602": "碧江区",
    "520603": "万山区",
    "610202": "王益区",
    "610203": "印台区",
    "610204": "耀州区",
    "610222": "宜君县",
    "611002": "商州区",
    "431125103": "夏层铺镇",
    "431125103200": "示例村委会",
}


def told(*states: dict[str, str]) -> list[list[tuple]]:
    """Trace one state a year and return each place's spells."""
    days = [None, *(date(2000 + n, 12, 31) for n in range(len(states)))]
    history = trace([Revision(day, codes) for day, codes in zip(days, states, strict=False)])
    return [[(s.code, s.name, s.since, s.until) for s in lineage.spells] for lineage in history.lineages]


def test_same_code_and_name_is_one_spell():
    assert told({"61": "陕西省"}, {"61": "陕西省"}) == [[("61", "陕西省", None, None)]]


def test_name_on_another_code_is_the_same_place():
    assert told({"612501": "商州市"}, {"611002": "商州市"}) == [
        [("612501", "商州市", None, FIRST), ("611002", "商州市", FIRST, None)]
    ]


def test_stem_on_another_code_is_the_same_place():
    assert told({"612501": "商州市"}, {"611002": "商州区"})[0][-1] == ("611002", "商州区", FIRST, None)


def test_new_name_on_a_code_is_the_same_place():
    assert told({"610202": "城区"}, {"610202": "王益区"}) == [
        [("610202", "城区", None, FIRST), ("610202", "王益区", FIRST, None)]
    ]


def test_code_given_to_another_place_is_no_renaming():
    assert told({"379018": "招远市"}, {"379018": "邹城市"}, {"370685": "招远市"})[0] == [
        ("379018", "招远市", None, FIRST)
    ]


def test_two_places_that_change_codes_stay_themselves():
    assert told({"440106": "芳村区", "440107": "天河区"}, {"440106": "天河区", "440107": "芳村区"})[0] == [
        ("440106", "芳村区", None, FIRST),
        ("440107", "芳村区", FIRST, None),
    ]


def test_name_of_another_level_is_another_place():
    lineages = told({"5222": "铜仁地区", "522201": "铜仁市"}, {"5206": "铜仁市", "520602": "碧江区"})

    assert lineages == [
        [("5222", "铜仁地区", None, FIRST), ("5206", "铜仁市", FIRST, None)],
        [("522201", "铜仁市", None, FIRST)],
        [("520602", "碧江区", FIRST, None)],
    ]


def test_common_names_are_not_followed_from_city_to_city():
    before = {"4301": "长沙市", "4302": "株洲市", "430111": "郊区", "430211": "郊区", "4303": "湘潭市"}
    after = {"4301": "长沙市", "4302": "株洲市", "430211": "郊区", "4303": "湘潭市", "430311": "郊区"}

    assert [("430111", "郊区", None, FIRST)] in told(before, after)


def test_row_forgotten_once_was_there_all_the_time():
    assert told({"61": "陕西省", "6102": "铜川市"}, {"61": "陕西省"}, {"61": "陕西省", "6102": "铜川市"})[
        1
    ] == [("6102", "铜川市", None, None)]


def test_what_ends_is_closed():
    assert told({"320205": "马山区"}, {})[0] == [("320205", "马山区", None, FIRST)]


@pytest.mark.parametrize(
    ("name", "kept"), [("商州市", "商州"), ("铜仁地区", "铜仁"), ("耀县", "耀县"), ("万山特区", "万山")]
)
def test_stem(name, kept):
    assert stem(name) == kept


@pytest.fixture
def edition(tmp_path):
    return write_edition(tmp_path / "dist", EDITION)


@pytest.fixture
def history(db, edition):
    import_edition(folder=edition)
    return import_history(folder=edition)


def names_of(code: str) -> list[tuple[str, str]]:
    region = version_by_code(code).region
    return list(region.versions.order_by("valid").values_list("code", "name"))


@pytest.mark.slow
def test_history_gives_places_their_past(history):
    assert history.conflicts == 0
    assert names_of("431125") == [("432925", "江永县"), ("431125", "江永县")]
    assert names_of("610202") == [("610202", "城区"), ("610202", "王益区")]
    assert names_of("611002")[-2:] == [("612501", "商州市"), ("611002", "商州区")]
    assert names_of("5206") == [("5222", "铜仁地区"), ("5206", "铜仁市")]
    assert names_of("520603") == [("522230", "万山特区"), ("520603", "万山区")]


@pytest.mark.slow
def test_history_keeps_the_name_used_at_two_levels_apart(history):
    county = version_by_code("522201", date(2005, 1, 1))

    assert (county.name, county.level) == ("铜仁市", RegionVersion.Level.COUNTY)
    assert county.region != version_by_code("5206").region
    assert version_on(county.region, date(2015, 1, 1)) is None  # 碧江区 took over: nobody says it is the same
    assert county.parent == version_by_code("5206").region


@pytest.mark.slow
def test_history_corrects_slips(history):
    heze = RegionVersion.objects.filter(name__in=["荷泽市", "菏泽市"])

    assert {(version.code, version.name) for version in heze if version.level == 2} == {("3717", "菏泽市")}


@pytest.mark.slow
def test_history_twice_writes_nothing(history, edition):
    before = list(RegionVersion.objects.order_by("pk").values_list())

    again = import_history(folder=edition)

    assert (again.regions, again.versions, again.joined, again.conflicts) == (0, 0, 0, 0)
    assert list(RegionVersion.objects.order_by("pk").values_list()) == before


@pytest.mark.slow
@pytest.mark.django_db
def test_history_before_the_list_gives_the_same_places(edition, capsys):
    call_command("import_regions", history=True, source=edition)
    import_edition(folder=edition)

    assert names_of("431125") == [("432925", "江永县"), ("431125", "江永县")]
    assert version_by_code("431125103").parent == version_by_code("431125").region
    assert "0 left alone" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.django_db
def test_history_leaves_what_the_register_says_otherwise(edition):
    own = RegionVersionFactory(code="610203", name="另一个区", level=3)

    result = import_history(folder=edition)

    assert result.conflicts == 1
    assert names_of("610203") == [("610203", "另一个区")]
    assert own.region.versions.count() == 1
