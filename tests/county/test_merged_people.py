"""E2, E19 and E20: one human being is counted once, however many records she has."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from county.facts import refresh_facts
from county.maps import Asked
from county.queries import class_attendance, classes_in, count, people_behind
from courses.models import Enrolment, TrainingClass
from courses.services import close_class, enrol_person
from registry.models import Person
from registry.queries.people import person_by_id_number
from registry.queries.places import children_of
from registry.services import apply_file, merge_people, register_self, unmerge_people
from tests.factories.certificates import (
    CourseFactory,
    EnrolmentFactory,
    PersonFactory,
    attend,
    issued,
    noon,
    place,
)
from tests.factories.registry import UserFactory, id_number
from tests.registry.roster_files import row, write_roster

COUNTY, YEAR = "431125", (date(2026, 1, 1), date(2026, 12, 1))


def figures(client, **filters):
    """Return the total as the desk shows it, once the command has printed the same."""
    asked = {"region": COUNTY, "since": "2026-01", "until": "2026-12"} | filters
    shown = client.get("/county/figures/", asked | {"by": "village"}).context["count"]
    out = StringIO()
    call_command("count_trainees", **asked, by="village", json=True, stdout=out)
    printed = json.loads(out.getvalue())
    names = ["enrolled", "person_times", "heads", "completed", "certificates", "unverified", "minutes"]
    assert {name: printed["total"][name] for name in names} == {
        name: getattr(shown.total, name) for name in names
    }
    assert sum(one.person_times for one in shown.rows) == shown.total.person_times
    return shown.total


@pytest.fixture
def by(db):
    return UserFactory(username="official")


@pytest.fixture
def course(county):
    return CourseFactory()


def listed(tmp_path, county, *rows):
    path = write_roster(tmp_path / "roster.xlsx", list(rows))
    apply_file(path=path, county=county, as_of=date(2025, 12, 31))


def home_village():
    return children_of("431125100").get(name__startswith="四方井").region


def closed(training_class):
    close_class(training_class=training_class, now=noon("2026-04-05"))


def test_e02_on_the_roster_and_self_registered_is_one_place(tmp_path, county, course, office, by):
    listed(tmp_path, county, row(1))
    rostered = person_by_id_number(id_number(1))
    own = register_self(user=UserFactory(trainee=True), name="学员1", village=home_village(), birth_year=1990)
    first = enrol_person(person=rostered, course=course, now=noon("2026-03-02"))
    merge_people(kept=rostered, absorbed=own, by=by, reason="同一人")
    own.refresh_from_db()

    again = enrol_person(person=own, course=course, now=noon("2026-03-09"))

    assert again == first
    assert Enrolment.objects.count() == 1
    attend(first, 45)
    closed(first.training_class)
    total = figures(office)
    assert (total.enrolled, total.person_times, total.heads) == (1, 1, 1)


def test_e02_place_of_the_absorbed_record_is_hers(county, course, by):
    kept, absorbed = PersonFactory(), PersonFactory()
    first = enrol_person(person=absorbed, course=course, now=noon("2026-03-02"))
    merge_people(kept=kept, absorbed=absorbed, by=by, reason="同一人")

    assert enrol_person(person=kept, course=course, now=noon("2026-03-09")) == first


def test_e19_both_records_on_one_roster_count_one_less_after_the_merge(tmp_path, county, course, office, by):
    without_number = row(2, 姓名="学员1", 证件号码="", 与户主关系="配偶", 联系电话="")
    listed(tmp_path, county, row(1), without_number, row(3))
    found = Person.objects.order_by("pk")
    enrolments = [enrol_person(person=one, course=course, now=noon("2026-03-02")) for one in found]
    for enrolment, minutes in zip(enrolments, [90, 45, 45], strict=True):
        attend(enrolment, minutes)
    closed(enrolments[0].training_class)
    before = figures(office)

    merge = merge_people(kept=found[0], absorbed=found[1], by=by, reason="同一人")

    after = figures(office)
    assert found[1].temporary_number.startswith("T-431125-2025-")
    assert (before.person_times, before.heads, before.enrolled) == (3, 3, 3)
    assert (after.person_times, after.heads, after.enrolled) == (2, 2, 2)
    assert (before.unverified, after.unverified) == (1, 0)
    assert (before.minutes, after.minutes) == (180, 135)  # the longest, not the sum (E4)
    unmerge_people(merge=merge, by=by, reason="认错了")
    assert figures(office) == before


def test_e20_couple_with_one_phone_is_two_people(tmp_path, county, course, office):
    husband = row(1, 联系电话="19900000077")
    wife = row(2, 户编号="0001", 与户主关系="配偶", 联系电话="19900000077")
    listed(tmp_path, county, husband, wife)
    for one in Person.objects.all():
        attend(enrol_person(person=one, course=course, now=noon("2026-03-02")), 45)
    closed(TrainingClass.objects.get())

    total = figures(office)

    assert (total.person_times, total.heads) == (2, 2)


def merged(make_trained, training_class, by, first, second):
    """Train two records of one person in a class; return both enrolments."""
    pair = [make_trained(training_class, **first), make_trained(training_class, **second)]
    merge_people(kept=pair[0].person, absorbed=pair[1].person, by=by, reason="同一人")
    return pair


def test_status_and_completion_of_any_record_count(make_class, make_trained, office, by):
    training_class = make_class()
    paper, own = merged(
        make_trained, training_class, by, {"was_registered": True, "completed": True}, {"was_monitored": True}
    )
    issued(paper)

    total = figures(office)

    assert paper.person != own.person
    assert (total.poor_heads, total.monitored_heads, total.aided_heads) == (1, 1, 1)
    assert (total.completed, total.certificates) == (1, 1)


def test_two_certificates_of_one_class_are_one_person_time_with_a_certificate(
    make_class, make_trained, office, by
):
    training_class = make_class()
    pair = [make_trained(training_class, completed=True) for _record in range(2)]
    for enrolment in pair:
        issued(enrolment)
    merge_people(kept=pair[0].person, absorbed=pair[1].person, by=by, reason="同一人")

    total = figures(office)

    assert (total.person_times, total.completed, total.certificates) == (1, 1, 1)


def test_two_classes_of_two_records_are_two_person_times_and_one_head(make_class, make_trained, office, by):
    march, april = make_class(), make_class(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    one, other = make_trained(march), make_trained(april)
    merge_people(kept=one.person, absorbed=other.person, by=by, reason="同一人")

    total = figures(office)

    assert (total.person_times, total.heads) == (2, 1)


def test_person_time_counts_in_one_place_when_two_records_name_two(
    make_class, village, other_county, office, by
):
    training_class, foreign = make_class(), place("431129100200")
    absorbed = EnrolmentFactory(training_class=training_class, village_version=foreign, minutes=45)
    kept = EnrolmentFactory(training_class=training_class, village_version=village, minutes=45)
    unplaced = EnrolmentFactory(training_class=training_class, minutes=45)
    assert [count(code, *YEAR).total.heads for code in ("431125", "431129", "4311")] == [2, 1, 3]
    for one in (absorbed, unplaced):
        merge_people(kept=kept.person, absorbed=one.person, by=by, reason="同一人")

    assert [count(code, *YEAR).total.heads for code in ("431125", "431129", "4311")] == [1, 0, 1]
    assert [one.village for one in people_behind(Asked(COUNTY, *YEAR))] == [village.name]


def test_lists_of_classes_count_human_beings(make_class, make_trained, by, django_assert_num_queries):
    training_class = make_class()
    make_trained(training_class)
    merged(make_trained, training_class, by, {"completed": True}, {"completed": True})

    with django_assert_num_queries(1):
        [row] = classes_in([COUNTY])

    assert (row.places, row.completions) == (2, 1)
    assert class_attendance(training_class) == (2, 2)


@pytest.mark.parametrize("by_what", ["village", "month"])
def test_count_of_merged_people_costs_no_further_query(
    make_class, make_trained, by, by_what, django_assert_num_queries
):
    training_class = make_class()
    for _ in range(3):
        merged(make_trained, training_class, by, {}, {})

    refresh_facts(timezone.localdate())
    with django_assert_num_queries({"village": 5, "month": 3}[by_what]):
        assert count(COUNTY, *YEAR, by=by_what).total.heads == 3
