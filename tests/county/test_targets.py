"""The plan of a year: set, corrected by a new line, shown beside what was reached."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from county.counting import CountRow
from county.demo_plan import load_plan
from county.errors import CorrectionNeedsReason
from county.models import SavedView, Target
from county.plan import Progress, elapsed_of
from county.queries.targets import plan_of, progress_of
from county.services.targets import set_target
from registry.models import AuditAction, AuditEntry, RegionVersion
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
PLAN = "/county/plan/?region=431125&year=2026"
NOW = datetime(2026, 3, 5, 4, tzinfo=UTC)


@pytest.fixture
def set_heads(county, office_user):
    """Return a call that sets the heads of a place in 2026."""

    def call(value, code="431125", **fields):
        fields = {"measure": "heads", "year": 2026, "by": office_user, "now": NOW} | fields
        return set_target(place=version_by_code(code), value=value, **fields)

    return call


def posted(**fields):
    fields = {"place": "431125", "measure": "heads", "value": 400, "reason": ""} | fields
    return {f"target-{name}": value for name, value in fields.items()}


def test_target_is_set_and_logged(set_heads, office_user):
    target = set_heads(300)

    assert (target.value, target.set_by, target.set_at, target.replaced_at) == (300, office_user, NOW, None)
    entry = AuditEntry.objects.get(action=AuditAction.TARGET_SET)
    assert entry.region_code == "431125"
    assert entry.detail == {"year": 2026, "measure": "heads", "value": 300, "before": 0}


def test_correction_is_a_new_line_with_its_reason(set_heads):
    first = set_heads(300)
    with pytest.raises(CorrectionNeedsReason):
        set_heads(350)

    second = set_heads(350, reason="省里加了任务")

    first.refresh_from_db()
    assert (first.value, first.replaced_at) == (300, NOW)
    assert (second.value, second.reason, second.replaced_at) == (350, "省里加了任务", None)


def test_same_number_again_changes_nothing(set_heads):
    assert set_heads(300) == set_heads(300)
    assert Target.objects.count() == 1


def test_database_keeps_one_target_and_what_it_said(set_heads):
    target = set_heads(300)
    fields = {"region": target.region, "region_code": "431125", "year": 2026, "measure": "heads"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(**fields, value=1, set_by=target.set_by, set_at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(value=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        target.delete()


def test_progress_has_every_measure(set_heads):
    set_heads(200)

    progress = {one.measure: one for one in progress_of("431125", 2026, CountRow(heads=50, classes=3))}

    assert (progress["heads"].percent, progress["heads"].missing) == (Decimal("25.0"), 150)
    assert (progress["classes"].reached, progress["classes"].planned) == (3, None)
    assert progress["classes"].percent is None


@pytest.fixture
def recoded(county):
    """The county as it was coded to the end of May 2026, before it got today's code."""
    since = date(2026, 6, 1)
    today = RegionVersion.objects.get(region=county, code="431125")
    RegionVersion.objects.filter(pk=today.pk).update(valid=DateRange(since, None))
    today.pk, today.code, today.valid = None, "432925", DateRange(date(2000, 1, 1), since)
    today.save()
    return today


def test_target_goes_with_its_region_to_a_new_code(recoded, office_user, set_heads):
    set_target(place=recoded, year=2026, measure="heads", value=200, by=office_user, now=NOW)

    for code in ("431125", "432925"):
        planned = {one.measure: one.planned for one in progress_of(code, 2026, CountRow(heads=50))}
        assert planned["heads"] == 200
    set_heads(250, reason="省里加了任务")
    plan = plan_of("431125", 2026, date(2026, 7, 1))
    assert [one.planned for one in plan.rows[0].progress if one.measure == "heads"] == [250]
    assert [line.value for _name, line in plan.lines] == [250, 200]


def test_code_that_was_given_anew_brings_no_target_of_another_region(recoded, other_county, office_user):
    set_target(place=recoded, year=2027, measure="heads", value=200, by=office_user, now=NOW)
    later = RegionVersion.objects.get(region=other_county, code="431129")
    later.pk, later.code, later.valid = None, "432925", DateRange(date(2027, 1, 1), None)
    before = DateRange(date(2000, 1, 1), date(2027, 1, 1))
    RegionVersion.objects.filter(region=other_county).update(valid=before)
    later.save()

    assert {one.planned for one in progress_of("432925", 2027, CountRow())} == {None}


def test_progress_may_pass_its_target():
    assert Progress("heads", "", 120, 100).percent == Decimal("120.0")
    assert Progress("heads", "", 120, 100).missing == 0


@pytest.mark.parametrize(
    ("year", "today", "expected"),
    [
        (2026, date(2025, 12, 31), 0),
        (2026, date(2026, 7, 2), Decimal("50.1")),
        (2024, date(2024, 12, 31), 100),
        (2026, date(2027, 1, 1), 100),
    ],
)
def test_elapsed_part_of_a_year(year, today, expected):
    assert elapsed_of(year, today) == expected


def test_office_sets_a_target_on_the_page(office, make_class, make_trained):
    make_trained(make_class())

    office.post(PLAN, posted(place="431125100", value=4))

    page = office.get(PLAN)
    town = next(row for row in page.context["plan"].rows if row.code == "431125100")
    heads = next(one for one in town.progress if one.measure == "heads")
    assert (heads.reached, heads.planned, heads.percent) == (1, 4, Decimal("25.0"))
    assert "潇浦镇" in page.content.decode()


def test_page_asks_for_the_reason_of_a_correction(office, set_heads):
    set_heads(300)

    refused = office.post(PLAN, posted())
    office.post(PLAN, posted(reason="省里加了任务"))

    assert "field__error" in refused.content.decode()
    assert Target.objects.get(replaced_at=None).value == 400
    assert "省里加了任务" in office.get(PLAN).content.decode()


def test_foreign_place_cannot_be_given_a_target(office, other_county):
    assert office.post(PLAN, posted(place="431129")).status_code == 200
    assert office.post("/county/plan/?region=431129&year=2026", posted()).status_code == 404
    assert not Target.objects.exists()


def test_auditor_reads_and_sets_nothing(client, county):
    auditor = UserFactory()
    appoint(user=auditor, role="auditor", region=county, since=date(2020, 1, 1))
    client.force_login(auditor)

    assert client.get(PLAN).status_code == 200
    assert client.post(PLAN, posted()).status_code == 404


def test_plan_costs_the_same_for_one_line_and_three(office, set_heads, django_assert_max_num_queries):
    set_heads(300)
    office.get(PLAN)
    with django_assert_max_num_queries(16) as before:
        office.get(PLAN)
    set_heads(30, "431125100")
    set_heads(40, "431125101")

    with django_assert_max_num_queries(16) as after:
        office.get(PLAN)

    assert len(before) == len(after)


def test_demo_plans_its_year_once(county, office_user):
    assert [load_plan(), load_plan()] == [7, 0]
    assert SavedView.objects.get().is_shared
