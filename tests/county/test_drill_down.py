"""From a number down to what proves it: rows sum or union to their parent, whatever happened before."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from county.counting import NOW, THEN
from county.measures import BEHIND
from county.queries import answer, people_behind, size_behind
from county.questions import Question
from registry.models import Appointment
from registry.services import appoint
from tests.county.world import STEPS, World
from tests.factories.certificates import PersonFactory, attend, issued
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
YEAR = (date(2025, 1, 1), date(2025, 12, 1))
PERIOD = "region=431125&since=2026-01&until=2026-12"
# What adds up from rows to their total; everything else is people, who may stand in several rows (R6).
ADDITIVE = ["enrolled", "person_times", "poor_person_times", "completed", "certificates", "minutes", "days"]
CHAINS = ["county", "town", "village", "month", "course", "category", "class"]
SIZES = {"hours_shown": None, "days": None, "conversion": "converted"} | {
    "poor_share_person_times": "share_poor_person_times",
    "poor_share_heads": "share_poor_heads",
}
PEOPLE = {"heads", "under_35", "from_35_to_59", "from_60", "women", "unverified"}


def is_of_people(measure):
    return measure.endswith("_heads") or measure in PEOPLE | {"conversion", "cohort", "watching"}


def people_of(asked):
    return {one.person_id for one in people_behind(asked, most=1000)}


def rows_of(asked):
    return sorted((one.person_id, one.training_class.pk) for one in people_behind(asked, most=1000))


def assert_figures_have_their_rows(asked, row):
    for measure in BEHIND:
        name = SIZES.get(measure, measure)
        if name is None:
            continue
        size = size_behind(asked, measure)
        found = size.people if is_of_people(measure) else size.person_times
        assert found == getattr(row, name), measure


IN_ONE_TOWN = [("enrolment", 0), ("state", 0), *[("enrolment", 0)] * 3, ("village_ends", 0)]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 39)), min_size=6, max_size=22),
    on_map=st.sampled_from([THEN, NOW]),
    by=st.sampled_from(CHAINS),
)
@example(steps=IN_ONE_TOWN, on_map=NOW, by="town")  # of her village nobody can say more than its town
def test_rows_sum_or_union_to_their_parent(db, steps, on_map, by):
    from django.db import transaction

    with transaction.atomic():
        world = World()
        for step, pick in [("enrolment", n) for n in range(6)] + steps:
            world.take(step, pick)
        parent = Question("99", *YEAR, by=by, map=on_map)
        counted = answer(parent.asked(), by)

        rows = [Question(**asked_of(parent, row.key)).asked() for row in counted.rows]

        for name in ADDITIVE:
            assert sum(getattr(row, name) for row in counted.rows) == getattr(counted.total, name), name
        assert set().union(*(people_of(asked) for asked in rows)) == people_of(parent.asked())
        assert sorted(one for asked in rows for one in rows_of(asked)) == rows_of(parent.asked())
        assert_figures_have_their_rows(parent.asked(), counted.total)
        for row, asked in zip(counted.rows, rows, strict=True):
            assert_figures_have_their_rows(asked, row)
        transaction.set_rollback(True)


def asked_of(question, key):
    """Return the answers of the form behind the link of a row."""
    changes = question.narrowed(key)
    months = {
        name: date.fromisoformat(f"{changes[name]}-01") for name in ("since", "until") if name in changes
    }
    return vars(question) | changes | months


def test_village_leads_to_classes_and_class_to_people():
    village = Question("431125100200", *YEAR, by="village")

    assert "by=class" in village.deeper("431125100200")
    assert Question("431125", *YEAR, by="class").deeper("x") == ""
    assert village.narrowed("") == {"unallocated": "village"}


def test_every_number_of_a_row_is_a_link_to_its_rows(office, make_class, make_trained):
    make_trained(make_class(), was_registered=True)

    response = office.get(f"/county/figures/?{PERIOD}&by=class")

    line = response.context["table"].rows[0]
    addresses = [url for text, url in line.cells if text not in ("0", "—") and not text.startswith("0")]
    assert addresses
    assert all(addresses)
    for address in addresses:
        assert office.get(address).status_code == 200


def test_link_of_a_figure_leads_to_its_people_only(office, make_class, make_trained):
    training_class = make_class()
    make_trained(training_class, person=PersonFactory(name="甲某"), was_registered=True)
    make_trained(training_class, person=PersonFactory(name="乙某"))

    text = office.get(f"/county/people/?{PERIOD}&measure=poor_heads").content.decode()

    assert "甲*" in text
    assert "乙*" not in text
    assert office.get(f"/county/people/?{PERIOD}&measure=nothing").status_code == 404


def test_province_reads_no_status_of_single_people(client, county, make_class, make_trained):
    make_trained(make_class(), was_registered=True)
    reader = UserFactory()
    appoint(user=reader, role=Appointment.Role.PROVINCE_READER, region=county, since=date(2020, 1, 1))
    client.force_login(reader)

    people = client.get(f"/county/people/?{PERIOD}")
    desk = client.get(f"/county/figures/?{PERIOD}").content.decode()

    assert people.status_code == 200
    assert people.context["sees_status"] is False
    assert "measure=poor_heads" not in desk
    assert client.get(f"/county/people/?{PERIOD}&measure=poor_heads").status_code == 404


def test_person_page_holds_attendance_and_certificate(office, make_class, make_trained):
    enrolment = make_trained(make_class(), person=PersonFactory(name="学员甲"), completed=True)
    attend(enrolment, 90, "2026-03-10")
    paper = issued(enrolment)

    page = office.get(f"/county/people/{enrolment.person.uid}/?{PERIOD}")

    text = page.content.decode()
    assert "学员甲" not in text
    assert "学**" in text
    assert paper.number in text
    assert [row.minutes for row in page.context["proven"][0]["of"].attendances] == [45, 90]


def test_person_outside_the_question_is_not_there(office, client, make_class, make_trained, other_county):
    enrolment = make_trained(make_class())
    neighbour = UserFactory()
    appoint(user=neighbour, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    client.force_login(neighbour)
    path = f"/county/people/{enrolment.person.uid}/"

    assert client.get(path, {"since": "2026-01", "until": "2026-12"}).status_code == 404
    assert office.get(path, {"since": "2025-01", "until": "2025-12"}).status_code == 404
    assert office.get(path, {"since": "2026-01", "until": "2026-12"}).status_code == 200


def test_person_page_costs_the_same_for_one_and_three(
    office, make_class, make_trained, django_assert_max_num_queries
):
    person = PersonFactory()
    make_trained(make_class(), person=person)
    path = f"/county/people/{person.uid}/?{PERIOD}"
    office.get(path)
    with django_assert_max_num_queries(24) as before:
        office.get(path)
    for month in (4, 5):
        make_trained(make_class(ends_on=date(2026, month, 28)), person=person)
    office.get(path)

    with django_assert_max_num_queries(24) as after:
        office.get(path)

    assert len(after) == len(before)


def test_old_place_keeps_its_address(office, county, make_class, make_trained, village):
    make_trained(make_class())
    type(village).objects.filter(pk=village.pk).update(valid=("2000-01-01", "2026-06-01"))

    response = office.get(f"/county/figures/?region={village.code}&since=2026-01&until=2026-12&by=class")

    assert response.context["count"].total.heads == 1


@pytest.mark.parametrize(("name", "largest"), [("heads", True), ("heads", False), ("", True)])
def test_table_is_sorted_as_asked(office, make_class, make_trained, name, largest):
    make_trained(make_class())
    sort = f"{'-' if largest else ''}{name}"

    table = office.get(f"/county/figures/?{PERIOD}&by=town&sort={sort}").context["table"]

    heads = [line.row.heads for line in table.rows]
    keys = [line.row.key for line in table.rows]
    if name:
        assert heads == sorted(heads, reverse=largest)
    else:
        assert keys == sorted(keys, reverse=True)


def test_unknown_sort_changes_nothing(office, make_class, make_trained):
    make_trained(make_class())

    table = office.get(f"/county/figures/?{PERIOD}&by=town&sort=x'y").context["table"]

    assert [line.row.key for line in table.rows] == sorted(line.row.key for line in table.rows)


def test_person_in_training_has_a_page(office, make_class, make_trained):
    enrolment = make_trained(make_class(closed=False))

    listed = office.get(f"/county/people/?{PERIOD}&measure=in_training")
    page = office.get(f"/county/people/{enrolment.person.uid}/?{PERIOD}")

    assert listed.context["size"].people == 1
    assert len(page.context["proven"]) == 1


def test_narrowing_to_a_class_is_said_and_can_be_ended(office, make_class, make_trained):
    training_class = make_class()
    make_trained(training_class)
    make_trained(make_class())

    page = office.get(f"/county/figures/?{PERIOD}&training_class={training_class.uid}")

    (text, query), *_more = page.context["narrowing"]
    assert page.context["count"].total.heads == 1
    assert training_class.label in text
    assert office.get(f"/county/figures/?{query}").context["count"].total.heads == 2


def test_class_of_nobody_here_is_not_named(office, make_class, make_trained):
    make_trained(make_class())
    elsewhere = make_class(year=2019)

    page = office.get(f"/county/figures/?{PERIOD}&training_class={elsewhere.uid}")

    assert elsewhere.label not in page.context["narrowing"][0][0]
