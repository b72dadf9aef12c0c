import json
import re
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from county.facts import refresh_facts
from courses.models import TrainingClass
from registry.models import Appointment, AuditAction, AuditEntry, User
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.certificates import PersonFactory, issued

pytestmark = pytest.mark.django_db
PERIOD = "since=2026-01&until=2026-12"
DESK = f"/county/figures/?region=431125&{PERIOD}&by=town"
PATHS = [
    "/county/",
    "/county/figures/",
    f"/county/export.xlsx?{PERIOD}",
    "/county/people/",
    "/county/classes/",
]


def close_path(training_class):
    return f"/county/classes/{training_class.uid}/close/"


def numbers_of(response, name):
    """Return the numbers of the table row that begins with `name`."""
    row = re.search(rf"<tr[^>]*>\s*<th[^>]*>(?:<a [^>]*>)?{name}.*?</tr>", response.content.decode(), re.S)
    return re.findall(r'<td class="number">(?:<a [^>]*>)?([^<]*)(?:</a>)?</td>', row.group())


@pytest.mark.parametrize("path", PATHS)
def test_visitor_is_asked_to_sign_in(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


@pytest.mark.parametrize("path", PATHS)
def test_trainee_and_instructor_find_nothing(client, trainee_user, instructor_user, path):
    for user in (trainee_user, instructor_user):
        client.force_login(user)
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_office_gets_its_pages_uncached(office, path):
    response = office.get(path)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("region", ["431129", "4311", "43", "431129100", "999999", "x", "431125999"])
@pytest.mark.parametrize("path", ["/county/", "/county/figures/", "/county/export.xlsx", "/county/people/"])
def test_foreign_and_unknown_regions_look_the_same(office, other_county, path, region):
    assert office.get(path, {"region": region}).status_code == 404


def test_former_official_finds_nothing(client, county):
    user = User.objects.create_user("former")
    appointment = appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=date(2020, 1, 1))
    appointment.valid = (date(2020, 1, 1), date(2021, 1, 1))
    appointment.save()
    client.force_login(user)

    assert client.get("/county/").status_code == 404


def test_town_office_reads_its_town_only(client, county, make_class, make_trained):
    make_trained(make_class())
    user = User.objects.create_user("town")
    town = version_by_code("431125100").region
    appoint(user=user, role=Appointment.Role.OFFICE, region=town, since=date(2020, 1, 1))
    client.force_login(user)

    assert client.get("/county/figures/", {"region": "431125"}).status_code == 404
    assert client.get("/county/figures/", {"region": "431125101"}).status_code == 404
    assert client.get(f"/county/figures/?{PERIOD}").context["count"].total.heads == 1


def test_desk_shows_heads_and_person_times(office, make_class, make_trained):
    person = PersonFactory()
    make_trained(make_class(), person=person, was_registered=True)
    make_trained(make_class(ends_on=date(2026, 5, 31)), person=person)
    make_trained(make_class(closed=False))

    response = office.get(DESK)

    total = response.context["count"].total
    assert (total.heads, total.person_times, total.poor_person_times, total.in_training) == (1, 2, 1, 1)
    assert numbers_of(response, "潇浦镇")[:6] == ["2", "2", "2", "1", "1", "1"]
    assert len(response.context["table"].rows) == 9


def test_desk_counts_one_more_when_a_class_is_closed(office, make_class, make_trained):
    training_class = make_class(closed=False)
    make_trained(training_class)
    before = office.get(DESK).context["count"].total

    office.post(close_path(training_class), {"is_sure": "on"})

    after = office.get(DESK).context["count"].total
    assert (before.heads, before.person_times, before.in_training) == (0, 0, 1)
    assert (after.heads, after.person_times, after.in_training) == (1, 1, 0)


@pytest.mark.parametrize("by", ["town", "village", "month", "course"])
def test_chart_and_table_hold_the_same_figures(office, make_class, make_trained, by):
    make_trained(make_class())

    response = office.get(f"/county/figures/?region=431125&{PERIOD}&by={by}")

    text = response.content.decode()
    chart = json.loads(re.search(r'id="chart-figures"[^>]*>(.*?)</script>', text, re.S).group(1))
    assert sum(chart["series"][0]["values"]) == response.context["count"].total.person_times == 1
    assert "<noscript>" in text


def test_rows_lead_deeper(office, make_class, make_trained):
    make_trained(make_class())

    by_town = office.get(DESK).content.decode()
    by_month = office.get(f"/county/figures/?region=431125&{PERIOD}&by=month").content.decode()

    assert "?region=431125100&amp;since=2026-01&amp;until=2026-12&amp;by=village" in by_town
    assert "since=2026-03&amp;until=2026-03&amp;by=town" in by_month


@pytest.mark.parametrize(
    "asked",
    [
        "since=2026-13",
        "since=x",
        "since=9999-12&until=9999-12",
        "since=2026-05&until=2026-01",
        "by=nothing",
        "since=%00",
    ],
)
@pytest.mark.parametrize("path", ["/county/figures/", "/county/export.xlsx", "/county/people/"])
def test_bad_question_gets_a_clear_answer(office, path, asked):
    response = office.get(f"{path}?{asked}")

    assert response.status_code == 200
    assert "field__error" in response.content.decode()


def test_desk_costs_the_same_for_one_and_three(office, make_class, make_trained, django_assert_num_queries):
    make_trained(make_class())
    office.get(DESK)

    with django_assert_num_queries(11):
        office.get(DESK)
    for _ in range(2):
        make_trained(make_class())
    refresh_facts(timezone.localdate())
    with django_assert_num_queries(11):
        office.get(DESK)


def test_workbook_holds_the_same_figures(office, make_class, make_trained, office_user):
    make_trained(make_class(), was_registered=True)
    User.objects.filter(pk=office_user.pk).update(display_name="=HYPERLINK(1)")

    response = office.get(f"/en/county/export.xlsx?region=431125&{PERIOD}&by=town")

    assert response["Content-Disposition"] == 'attachment; filename="count-431125-202601-202612-town.xlsx"'
    sheet = load_workbook(BytesIO(response.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "江永县 (431125)" in cells[1][0]
    assert "2026-01 – 2026-12" in cells[2][0]
    assert "=HYPERLINK(1)" in cells[7][0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    headings = cells[8]
    total = dict(zip(headings, cells[-1], strict=True))
    assert (total["Town"], total["Heads"], total["Person-times"]) == ("Total", 1, 1)
    assert total["Share of heads"] == "100.0 %"
    assert next(row for row in cells if row[0] == "潇浦镇")[headings.index("Heads")] == 1


def test_people_behind_the_figures_are_masked(office, make_class, make_trained):
    make_trained(make_class(), person=PersonFactory(name="学员甲"), was_registered=True)
    make_trained(make_class(closed=False), person=PersonFactory(name="示例乙"))

    text = office.get(f"/county/people/?region=431125&{PERIOD}").content.decode()

    assert "学**" in text
    assert "学员甲" not in text
    assert "示**" not in text


def test_people_list_costs_the_same_for_one_and_three(
    office, make_class, make_trained, django_assert_num_queries
):
    path = f"/county/people/?region=431125&{PERIOD}"
    make_trained(make_class())
    office.get(path)

    with django_assert_num_queries(14):
        office.get(path)
    for _ in range(2):
        make_trained(make_class())
    refresh_facts(timezone.localdate())
    with django_assert_num_queries(14):
        office.get(path)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_people_page_that_does_not_exist_shows_one_that_does(office, make_class, make_trained, page):
    make_trained(make_class(), person=PersonFactory(name="学员甲"))

    assert "学**" in office.get(f"/county/people/?{PERIOD}&page={page}").content.decode()


def test_classes_lists_those_of_the_county_only(office, make_class, other_county):
    make_class(closed=False, number=7)
    make_class(county=other_county, county_code="431129", number=8)

    text = office.get("/county/classes/").content.decode()

    assert "2026-0007" in text
    assert "2026-0008" not in text


def test_classes_cost_the_same_for_one_and_three(office, make_class, make_trained, django_assert_num_queries):
    make_trained(make_class())
    office.get("/county/classes/")

    with django_assert_num_queries(9):
        office.get("/county/classes/")
    for _ in range(2):
        make_trained(make_class())
    with django_assert_num_queries(9):
        office.get("/county/classes/")


def test_certificates_that_could_not_be_printed_are_shown_to_the_office(office, make_class, make_trained):
    enrolment = make_trained(make_class(), completed=True)
    certificate = issued(enrolment, rendering="failed", rendering_error="\ue000 (U+E000)")

    text = office.get("/county/classes/").content.decode()

    assert certificate.number in text
    assert "U+E000" in text


def test_closing_asks_first(office, make_class, make_trained):
    training_class = make_class(closed=False)
    make_trained(training_class)

    response = office.get(close_path(training_class))
    unsure = office.post(close_path(training_class), {})

    assert (response.context["places"], response.context["attended"]) == (1, 1)
    assert "field__error" in unsure.content.decode()
    training_class.refresh_from_db()
    assert training_class.state == TrainingClass.State.OPEN


def test_closing_is_done_once(office, make_class):
    training_class = make_class(closed=False)

    first = office.post(close_path(training_class), {"is_sure": "on"})
    office.post(close_path(training_class), {"is_sure": "on"})

    assert first.status_code == 302
    training_class.refresh_from_db()
    assert training_class.state == TrainingClass.State.CLOSED


def test_class_that_has_not_begun_cannot_be_closed(office, make_class):
    training_class = make_class(
        closed=False, starts_on=date(2999, 1, 1), ends_on=date(2999, 1, 31), year=2999
    )

    response = office.post(close_path(training_class), {"is_sure": "on"})

    assert response.status_code == 200
    assert "notice--error" in response.content.decode()


def test_class_of_another_county_cannot_be_closed(office, make_class, other_county):
    training_class = make_class(closed=False, county=other_county, county_code="431129")

    assert office.get(close_path(training_class)).status_code == 404
    assert office.post(close_path(training_class), {"is_sure": "on"}).status_code == 404
    training_class.refresh_from_db()
    assert training_class.state == TrainingClass.State.OPEN


def test_closing_needs_the_office(client, make_class, trainee_user):
    path = close_path(make_class(closed=False))

    assert client.post(path, {"is_sure": "on"}).status_code == 302
    client.force_login(trainee_user)
    assert client.post(path, {"is_sure": "on"}).status_code == 404


def test_handing_out_the_workbook_is_logged(office):
    office.get(f"/county/export.xlsx?region=431125&{PERIOD}&by=town")

    entry = AuditEntry.objects.get(action=AuditAction.EXPORTED)
    assert (entry.actor.username, entry.person, entry.region_code) == ("office", None, "431125")
    assert entry.detail["kind"] == "county_count"
    assert entry.network == "127.0.0.0/24"
