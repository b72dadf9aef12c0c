"""Two counts side by side, and views kept under a name."""

from datetime import date

import pytest

from county.comparison import compare
from county.counting import CountRow
from county.errors import TooManyViews
from county.models import SavedView
from county.services.saved_views import MOST, save_view
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
PERIODS = "region=431125&since=2026-01&until=2026-06&other_since=2025-01&other_until=2025-06"
COMPARE = f"/county/compare/?{PERIODS}"


def line_of(lines, name):
    return next(line for line in lines if line.name == name)


def test_difference_has_its_sign_and_its_percent():
    lines = compare(CountRow(heads=12, minutes=90), CountRow(heads=8, minutes=135))

    heads, hours = line_of(lines, "heads"), line_of(lines, "hours_shown")
    assert (heads.first, heads.second, heads.difference, heads.change) == ("12", "8", "+4", "+50.0 %")
    assert (hours.difference, hours.change) == ("−1", "−33.3 %")


def test_nothing_is_not_divided_by():
    line = line_of(compare(CountRow(heads=3), CountRow()), "heads")

    assert (line.difference, line.change) == ("+3", "—")


def test_shares_are_compared_in_points():
    first = CountRow(share_heads=80, share_poor_heads=30)
    second = CountRow(share_heads=100, share_poor_heads=30)

    line = line_of(compare(first, second), "poor_share_heads")

    assert (line.first, line.second, line.difference, line.change) == ("37.5 %", "30.0 %", "+7.5", "—")


def test_periods_stand_side_by_side(office, make_class, make_trained):
    make_trained(make_class())
    for _ in range(3):
        make_trained(make_class(starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 31)))

    response = office.get(COMPARE)

    line = next(line for line, _first, _second in response.context["lines"] if line.name == "person_times")
    assert (line.first, line.second, line.difference) == ("1", "3", "−2")
    assert response.context["chart"]["series"][1]["values"][0] == 3


def test_towns_stand_side_by_side_and_lead_to_their_rows(office, make_class, make_trained):
    make_trained(make_class())
    period = "since=2026-01&until=2026-06&other_since=2026-01&other_until=2026-06"

    response = office.get(f"/county/compare/?region=431125100&other_region=431125101&{period}")

    line, first, second = next(row for row in response.context["lines"] if row[0].name == "heads")
    assert (line.first, line.second) == ("1", "0")
    assert office.get(first).context["size"].people == 1
    assert second == ""


@pytest.mark.parametrize("name", ["region", "other_region"])
def test_foreign_regions_cannot_be_compared(office, other_county, name):
    assert office.get("/county/compare/", {name: "431129"}).status_code == 404


def test_comparison_asks_for_periods_in_order(office):
    page = office.get(f"{COMPARE}&other_since=2026-01&other_until=2025-01")

    assert "field__error" in page.content.decode()


@pytest.fixture
def keep(office_user):
    """Return a call that keeps a view of the office."""

    def call(name="春季", by=office_user, **fields):
        fields = {"page": "figures", "query": "by=town", "office": version_by_code("431125")} | fields
        return save_view(name=name, by=by, **fields)

    return call


def test_view_is_kept_and_opened(office, office_user):
    office.post("/county/views/", {"name": "春季", "page": "compare", "query": PERIODS})

    view = SavedView.objects.get(owner=office_user)
    opened = office.get(f"/county/views/{view.uid}/")

    assert opened["Location"] == COMPARE
    assert "春季" in office.get("/county/views/").content.decode()


def test_same_name_again_replaces_the_view(keep):
    keep(query="by=town")

    keep(query="by=month")

    assert SavedView.objects.get().query == "by=month"


def test_views_are_a_short_list(keep, office_user, office):
    for number in range(MOST):
        keep(f"第{number}个")

    with pytest.raises(TooManyViews):
        keep("再一个")
    answer = office.post("/county/views/", {"name": "再一个", "page": "glance", "query": ""})
    assert answer.status_code == 200
    assert SavedView.objects.count() == MOST


def test_shared_view_is_seen_by_the_office_and_nobody_else(client, county, other_county, keep):
    view, private = keep(is_shared=True), keep("自己看")
    colleague, neighbour = UserFactory(), UserFactory()
    appoint(user=colleague, role="auditor", region=county, since=date(2020, 1, 1))
    appoint(user=neighbour, role="office", region=other_county, since=date(2020, 1, 1))

    client.force_login(colleague)
    assert client.get(f"/county/views/{view.uid}/").status_code == 302
    assert client.get(f"/county/views/{private.uid}/").status_code == 404
    assert client.post(f"/county/views/{view.uid}/delete/").status_code == 404
    client.force_login(neighbour)
    assert client.get(f"/county/views/{view.uid}/").status_code == 404


def test_view_cannot_lead_away_from_the_site(office):
    query = "//evil.example/?x=1&by=town"
    office.post("/county/views/", {"name": "坏", "page": "figures", "query": query})

    opened = office.get(f"/county/views/{SavedView.objects.get().uid}/")

    assert opened["Location"].startswith("/county/figures/?")


def test_owner_deletes_her_view(office, keep):
    view = keep()

    office.post(f"/county/views/{view.uid}/delete/")

    assert not SavedView.objects.exists()


def test_list_of_views_costs_the_same_for_one_and_three(office, keep, django_assert_max_num_queries):
    keep()
    with django_assert_max_num_queries(14) as before:
        office.get("/county/views/")
    keep("二")
    keep("三")

    with django_assert_max_num_queries(14) as after:
        office.get("/county/views/")

    assert len(before) == len(after)
