from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import RegionDataMissing
from registry.models import Region, RegionVersion
from registry.queries.places import (
    children_of,
    county_of,
    in_subtree,
    version_by_code,
    version_on,
    villages_by_town,
)
from registry.services import import_regions
from tests.factories.registry import RegionVersionFactory


def test_import_regions_loads_the_real_tree(county):
    levels = RegionVersion.objects.values_list("level", flat=True)

    assert {level: list(levels).count(level) for level in RegionVersion.Level} == {
        1: 1,
        2: 1,
        3: 1,
        4: 9,
        5: 112,
    }
    assert version_by_code("431125103").name == "夏层铺镇"
    assert version_by_code("431125").parent == version_by_code("4311").region


def test_import_regions_twice_changes_nothing(county):
    before = set(RegionVersion.objects.values_list("pk", flat=True))

    result = import_regions(county="431125")

    assert (result.created, result.unchanged) == (0, 124)
    assert set(RegionVersion.objects.values_list("pk", flat=True)) == before
    assert Region.objects.count() == 124


def test_import_regions_shares_the_levels_above(other_county):
    assert version_by_code("431129").parent == version_by_code("431125").parent


@pytest.mark.django_db
def test_import_regions_without_data_says_so():
    with pytest.raises(RegionDataMissing):
        import_regions(county="110101")
    with pytest.raises(CommandError, match="110101"):
        call_command("import_regions", county="110101")


def test_import_regions_command_reports(empty_map, capsys):
    call_command("import_regions", county="431129")

    assert capsys.readouterr().out == "3 places added, 0 were there already.\n"


def test_in_subtree_holds_the_place_itself_and_all_below(other_county):
    codes = RegionVersion.objects.filter(in_subtree("431125")).values_list("code", flat=True)

    assert len(codes) == 122
    assert all(code.startswith("431125") for code in codes)
    assert RegionVersion.objects.filter(in_subtree("")).count() == 125


def test_children_of_and_villages_by_town(county):
    assert [version.name for version in children_of("431125")][:2] == ["潇浦镇", "上江圩镇"]
    towns = villages_by_town("431125")
    assert len(towns) == 9
    assert sum(len(villages) for _town, villages in towns) == 112


def test_county_of_a_village_and_of_what_lies_above(county):
    day = date(2026, 1, 1)

    assert county_of(children_of("431125103")[0].region, day).code == "431125"
    assert county_of(county, day).code == "431125"
    assert county_of(version_by_code("4311").region, day) is None


@pytest.mark.django_db
def test_version_on_follows_a_renaming():
    change = date(1999, 4, 1)
    old = RegionVersionFactory(code="610202", name="城区", level=3, valid=DateRange(None, change))
    new = RegionVersionFactory(
        region=old.region, code="610202", name="王益区", level=3, valid=DateRange(change, None)
    )

    assert version_on(old.region, date(1999, 3, 31)) == old
    assert version_on(old.region, change) == new
    assert version_by_code("610202", date(1998, 1, 1)) == old
    with pytest.raises(RegionVersion.DoesNotExist):
        version_by_code("610299")
