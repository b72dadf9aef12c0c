"""The desk's first page: the year against the plan, and what waits."""

from datetime import date

import pytest
import time_machine

from county.counting import CountRow
from county.glance import conversion_text
from courses.models import IncomeDeclaration, TrainingClass
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.certificates import PersonFactory, issued, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
GLANCE = "/county/?region=431125&month=2026-05"
TODAY = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(noon(TODAY), tick=False):
        yield


def lines_of(response):
    return {line.label: (line.month.text, line.year.text) for line in response.context["lines"]}


def test_month_and_year_are_counted_apart(office, make_class, make_trained):
    person = PersonFactory()
    make_trained(make_class(), person=person, was_registered=True)
    make_trained(make_class(ends_on=date(2026, 5, 10)), person=person)
    make_trained(make_class(starts_on=date(2025, 5, 1), ends_on=date(2025, 5, 10)))

    response = office.get("/en" + GLANCE)

    lines = lines_of(response)
    assert lines["People trained"] == ("1", "1")
    assert lines["Person-times"] == ("1", "2")
    assert lines["Share of the poor among person-times"] == ("0.0 %", "50.0 %")
    assert lines["Share of the poor among people"] == ("0.0 %", "100.0 %")
    assert [(one.person_times, one.heads) for one in response.context["months"]] == [
        (0, 0),
        (0, 0),
        (1, 1),
        (0, 0),
        (1, 1),
    ]


def test_every_number_leads_to_its_rows(office, make_class, make_trained):
    issued(make_trained(make_class(), was_registered=True, completed=True))

    response = office.get(GLANCE)

    for line in response.context["lines"]:
        if line.year.url:
            assert office.get(line.year.url).status_code == 200
    assert sum(1 for line in response.context["lines"] if line.year.url) >= 8


def test_conversion_is_under_observation_before_day_181():
    """E23 on the first page: no share while the days run."""
    assert conversion_text(CountRow(watching=3)) not in ("—", "")
    assert conversion_text(CountRow(cohort=34, converted=6)) == "6/34 = 17.6 %"
    assert conversion_text(CountRow(cohort=34, converted=6, watching=2)).startswith("6/34 = 17.6 % · ")
    assert conversion_text(CountRow()) == "—"


def test_income_is_shown_for_ten_and_not_for_nine(office, make_class, make_trained):
    """R14: the tenth declaration opens the line."""
    training_class = make_class()

    def declare():
        enrolment = make_trained(training_class, completed=True)
        for moment, band in (("before", 1), ("after", 3)):
            IncomeDeclaration.objects.create(
                enrolment=enrolment, moment=moment, band=band, declared_at=noon(TODAY)
            )

    for _ in range(9):
        declare()
    assert office.get(GLANCE).context["income"] is None
    declare()

    assert office.get(GLANCE).context["income"]["declared"] == 10


def test_what_waits_is_counted(office, make_class, make_trained, office_user):
    state = TrainingClass.State
    make_class(closed=False, ends_on=date(2026, 5, 31))
    make_class(closed=False, ends_on=date(2026, 4, 30))
    steps = {"submitted_at": noon("2026-05-01"), "submitted_by": office_user}
    make_class(closed=False, taught=True, state=state.SUBMITTED, **steps)
    checked = steps | {"checked_at": noon("2026-05-02"), "checked_by": UserFactory()}
    for _ in range(2):
        make_class(closed=False, taught=True, state=state.CHECKED, **checked)
    make_trained(make_class())

    waiting = office.get(GLANCE).context["waiting"]

    assert (waiting.running, waiting.late, waiting.to_check, waiting.to_approve) == (1, 1, 1, 2)
    assert (waiting.unsigned, waiting.first_unsigned) == (1, date(2026, 3, 1))
    assert waiting.villages - waiting.villages_without == 1
    for shown, found in (("running", 1), ("late", 1), ("to_check", 1), ("to_approve", 2)):
        page = office.get(f"/county/classes/?show={shown}&region=431125")
        assert page.context["page_obj"].paginator.count == found


def test_flags_are_those_of_the_audit_desk(office, make_class, make_trained):
    make_trained(make_class(), person=PersonFactory(birth_year=1940))

    assert office.get(GLANCE).context["flags"] == 1
    assert office.get("/county/audit/?since=2026-01&until=2026-05").context["open"] == 1
    assert office.get("/county/?region=431125100&month=2026-05").context["flags"] is None


def test_classes_of_a_foreign_region_are_not_there(office, other_county):
    assert office.get("/county/classes/?show=late&region=431129").status_code == 404


def test_town_reads_its_own_and_signs_nothing(client, county, make_class, make_trained):
    make_trained(make_class())
    town = UserFactory()
    region = version_by_code("431125100").region
    appoint(user=town, role="town", region=region, since=date(2020, 1, 1))
    client.force_login(town)

    response = client.get("/county/?month=2026-05")

    assert response.context["count"].total.heads == 1
    assert response.context["waiting"].unsigned is None
    assert "/county/classes/?show" not in response.content.decode()
    assert client.get(GLANCE).status_code == 404


def test_old_addresses_of_the_figures_keep_their_answer(office):
    response = office.get("/county/?region=431125&since=2026-01&until=2026-03&by=month")

    assert response.status_code == 302
    assert response["Location"] == "/county/figures/?region=431125&since=2026-01&until=2026-03&by=month"


def test_bad_month_gets_a_clear_answer(office):
    response = office.get("/county/?month=x")

    assert response.status_code == 200
    assert "field__error" in response.content.decode()


def test_first_page_asks_fifteen_questions_at_most(
    office, make_class, make_trained, django_assert_max_num_queries
):
    make_trained(make_class())
    office.get(GLANCE)
    with django_assert_max_num_queries(15) as before:
        office.get(GLANCE)
    for _ in range(2):
        make_trained(make_class())
    office.get(GLANCE)

    with django_assert_max_num_queries(15) as after:
        office.get(GLANCE)

    assert len(before) == len(after)


@pytest.mark.parametrize(
    ("month", "elapsed"), [("2026-05", "38.4"), ("2026-03", "24.7"), ("2025-12", "100.0")]
)
def test_pace_is_that_of_the_last_day_counted(office, month, elapsed):
    page = office.get(f"/county/?month={month}")

    assert str(page.context["elapsed"]) == elapsed
