"""The map of villages: every village a tile, the ones with nobody trained among them."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from county.counting import NOW, THEN
from county.coverage import Tile
from county.maps import Asked
from county.queries.coverage import coverage_of
from registry.models import Household, Membership
from registry.queries.places import children_of
from tests.factories.certificates import PersonFactory, place

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2026, 12, 1))
TILES = "/county/tiles/?region=431125&since=2026-01&until=2026-12"


def on_roster(village, county, people):
    """Put people into a household of the village."""
    household = Household.objects.create(county=county, number="示例1", village=village.region)
    for person in people:
        Membership.objects.create(person=person, household=household, valid=DateRange(date(2020, 1, 1), None))


def tile_of(coverage, code):
    return next(tile for group in coverage.groups for tile in group.tiles if tile.code == code)


@pytest.mark.parametrize(
    ("heads", "roster", "level"),
    [
        (0, 100, 0),
        (0, 0, 0),
        (1, 100, 1),
        (2, 100, 2),
        (5, 100, 3),
        (10, 100, 4),
        (2, 0, 1),
        (3, 0, 2),
        (6, 0, 3),
        (12, 0, 4),
        (150, 100, 4),
    ],
)
def test_level_of_a_tile(heads, roster, level):
    assert Tile("1", "村", heads, heads, roster).level == level


def test_every_village_is_a_tile_under_its_town(county, village, make_class, make_trained):
    make_trained(make_class(), village=village.region)
    on_roster(village, county, PersonFactory.create_batch(4))

    coverage = coverage_of(Asked("431125", *YEAR))

    tile = tile_of(coverage, village.code)
    assert (tile.heads, tile.on_roster, tile.percent) == (1, 4, 25)
    assert [group.code for group in coverage.groups] == [one.code for one in children_of("431125")]
    assert coverage.tiles - coverage.without == 1
    assert sum(len(group.tiles) for group in coverage.groups) == coverage.tiles


def test_somebody_with_two_records_stands_once_on_the_roster(county, village):
    first = PersonFactory()
    second = PersonFactory(kept_as=first)
    on_roster(village, county, [first, second])

    assert tile_of(coverage_of(Asked("431125", *YEAR)), village.code).on_roster == 1


def test_both_maps_hold_everybody(county, make_class, make_trained):
    gone = place("431125100999", "旧村", valid=DateRange(date(2000, 1, 1), date(2026, 6, 1)))
    enrolment = make_trained(make_class())
    type(enrolment).objects.filter(pk=enrolment.pk).update(village=gone.region, village_version=gone)

    then = coverage_of(Asked("431125", *YEAR, THEN, today=date(2026, 11, 1)))
    now = coverage_of(Asked("431125", *YEAR, NOW, today=date(2026, 11, 1)))

    assert tile_of(then, "431125100999").is_gone
    assert then.without == then.tiles
    assert "431125100999" not in [tile.code for group in now.groups for tile in group.tiles]
    assert now.unallocated.heads == 1


def test_page_names_what_the_colours_say(office, make_class, make_trained, village):
    make_trained(make_class())

    text = office.get("/en" + TILES).content.decode()

    assert "have nobody trained in this period" in text
    assert "tile--0" in text
    assert f"region={village.code}&amp;since=2026-01&amp;until=2026-12&amp;map=then&amp;by=class" in text


def test_tile_leads_to_the_same_number(office, make_class, make_trained, village):
    make_trained(make_class())
    tile = tile_of(office.get(TILES).context["coverage"], village.code)

    deeper = office.get(f"/county/figures/?region={village.code}&since=2026-01&until=2026-12&by=class")

    assert deeper.context["count"].total.heads == tile.heads == 1


def test_foreign_region_has_no_map(office, other_county):
    assert office.get("/county/tiles/?region=431129").status_code == 404


def test_map_costs_the_same_for_one_and_three(
    office, make_class, make_trained, django_assert_max_num_queries
):
    make_trained(make_class())
    office.get(TILES)
    with django_assert_max_num_queries(16) as before:
        office.get(TILES)
    for _ in range(2):
        make_trained(make_class())
    office.get(TILES)

    with django_assert_max_num_queries(16) as after:
        office.get(TILES)

    assert len(before) == len(after)
