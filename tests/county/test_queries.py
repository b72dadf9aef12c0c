"""The numbered cases of the counting rules."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone, translation

from certificates.models import Certificate
from county.facts import refresh_facts
from county.queries import count
from courses.models import QuizAttempt
from registry.models import RegionVersion
from tests.factories.certificates import (
    EnrolmentFactory,
    PersonFactory,
    TrainingClassFactory,
    attend,
    issued,
    place,
)

pytestmark = pytest.mark.django_db
COUNTY = "431125"
YEAR = (date(2026, 1, 1), date(2026, 12, 1))


@pytest.fixture(autouse=True)
def village(counted_village):
    return counted_village


def class_of(first, last, *, county=COUNTY, is_closed=True, **fields):
    return TrainingClassFactory(
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
        county_code=county,
        county=place(county).region,
        closed=is_closed,
        **fields,
    )


def trained(training_class, village, minutes=45, **fields):
    return EnrolmentFactory(training_class=training_class, village_version=village, minutes=minutes, **fields)


def total(code=COUNTY, since=YEAR[0], until=YEAR[1]):
    return count(code, since, until).total


def test_e01_days_do_not_make_person_times(village):
    enrolment = trained(class_of("2026-03-02", "2026-03-04"), village, minutes=0)
    for day in ["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03", "2026-03-04", "2026-03-04"]:
        attend(enrolment, 180, day)

    row = total()

    assert (row.person_times, row.heads, row.hours, row.classes) == (1, 1, 24, 1)


def test_e03_two_classes_are_two_person_times_and_one_head(village):
    person = PersonFactory()
    trained(class_of("2026-03-01", "2026-03-31"), village, person=person)
    trained(class_of("2026-05-01", "2026-05-31"), village, person=person)

    answer = count(COUNTY, *YEAR, by="month")

    months = {row.key: (row.person_times, row.heads) for row in answer.rows if not row.is_empty}
    assert months == {"2026-03": (1, 1), "2026-05": (1, 1)}
    assert (answer.total.person_times, answer.total.heads) == (2, 1)
    assert len(answer.rows) == 12


def test_e06_enrolled_and_never_came(village):
    trained(class_of("2026-03-01", "2026-03-31"), village, minutes=0)

    row = total()

    assert (row.enrolled, row.person_times, row.heads, row.classes) == (1, 0, 0, 0)


def test_attendance_taken_back_does_not_count(village):
    enrolment = trained(class_of("2026-03-01", "2026-03-31"), village, minutes=45)
    attend(enrolment, -45)

    assert (total().person_times, total().minutes) == (0, 0)


def test_e08_status_is_that_of_the_day_of_enrolment(village):
    trained(class_of("2020-03-01", "2020-07-10"), village, was_registered=True, was_ever_registered=True)

    row = total(since=date(2020, 7, 1), until=date(2020, 7, 1))

    assert (row.poor_person_times, row.poor_heads, row.registered_heads) == (1, 1, 1)


def test_e09_monitored_household_that_was_never_registered(village):
    trained(class_of("2026-03-01", "2026-03-31"), village, was_monitored=True)

    row = total()

    assert (row.poor_heads, row.registered_heads, row.monitored_heads, row.aided_heads) == (0, 0, 1, 1)


def test_e10_lifted_and_monitored_is_one_head(village):
    trained(class_of("2022-03-01", "2022-03-31"), village, was_ever_registered=True, was_monitored=True)

    row = total(since=date(2022, 1, 1), until=date(2022, 12, 1))

    assert (row.poor_heads, row.registered_heads, row.monitored_heads, row.aided_heads) == (0, 1, 1, 1)


def test_e11_shares_by_person_times_and_by_heads(village):
    first, second = class_of("2026-03-01", "2026-03-31"), class_of("2026-04-01", "2026-04-30")
    poor = PersonFactory.create_batch(3)
    others = PersonFactory.create_batch(5)
    for person in [*poor, *others]:
        trained(first, village, person=person, was_registered=person in poor)
    for person in [*poor[:2]]:
        trained(second, village, person=person, was_registered=True)

    row = total()

    assert (row.poor_person_times, row.person_times, row.poor_heads, row.heads) == (5, 10, 3, 8)
    assert (str(row.poor_share_person_times), str(row.poor_share_heads)) == ("50.0", "37.5")


def test_e14_village_that_changed_its_county_counts_where_it_lay_then(village):
    moved_on = date(2026, 11, 6)
    RegionVersion.objects.filter(pk=village.pk).update(valid=DateRange(date(1990, 1, 1), moved_on))
    after = place("431129100300", "甲村", valid=DateRange(moved_on, None), region=village.region)
    person = PersonFactory()
    trained(class_of("2026-05-01", "2026-05-31"), village, person=person)
    trained(class_of("2026-12-01", "2026-12-31", county="431129"), after, person=person)

    assert [total(code).heads for code in [COUNTY, "431129", "43"]] == [1, 1, 1]
    assert total("43").person_times == 2


def test_e15_person_known_by_county_only_is_unallocated(village):
    training_class = class_of("2026-03-01", "2026-03-31")
    trained(training_class, None)
    trained(training_class, place(COUNTY))
    trained(training_class, village)

    with translation.override("en"):
        answer = count(COUNTY, *YEAR, by="town")

    assert [(row.key, row.label, row.heads) for row in answer.rows] == [
        ("431125100", "地区431125100", 1),
        ("", "Unallocated", 2),
    ]
    assert answer.total.heads == 3


def test_e16_trainee_of_another_county_counts_at_her_origin(village):
    park = class_of("2026-03-01", "2026-03-31", county="431129")
    trained(park, village)

    assert (total(COUNTY).heads, total("431129").heads, total("43").heads) == (1, 0, 1)


def test_e17_class_over_new_year_counts_in_the_new_year(village):
    trained(class_of("2019-12-28", "2020-01-04"), village)

    assert total(since=date(2019, 1, 1), until=date(2019, 12, 1)).person_times == 0
    assert total(since=date(2020, 1, 1), until=date(2020, 1, 1)).person_times == 1


def test_e18_cancelled_class_counts_nowhere(village):
    trained(TrainingClassFactory(cancelled=True), village)

    row = total()

    assert row.is_empty
    assert (row.person_times, row.minutes, row.in_training) == (0, 0, 0)


def test_class_that_is_not_closed_is_in_training(village):
    trained(class_of("2026-03-01", "2026-03-31", is_closed=False), village)

    row = total()

    assert (row.in_training, row.person_times, row.heads, row.enrolled) == (1, 0, 0, 0)


def test_e22_learning_after_the_class_closed_belongs_to_it(village):
    enrolment = trained(class_of("2026-03-01", "2026-03-31"), village, minutes=0)
    attend(enrolment, 45, "2026-04-05")

    answer = count(COUNTY, *YEAR, by="month")

    assert {row.key for row in answer.rows if row.person_times} == {"2026-03"}


def test_e22_online_class_counts_from_the_first_passed_quiz(village):
    enrolment = trained(class_of("2026-03-01", "2026-03-31"), village)
    QuizAttempt.objects.update(is_passed=False)

    assert total().person_times == 0

    QuizAttempt.objects.filter(enrolment=enrolment).update(is_passed=True)
    assert total().person_times == 1


def test_e24_staff_see_small_numbers(village):
    training_class = class_of("2026-03-01", "2026-03-31")
    trained(training_class, village, was_registered=True)
    trained(training_class, village)
    trained(training_class, village)

    rows = count("431125100", *YEAR, by="village").rows

    assert [(row.label, row.heads, row.poor_heads) for row in rows] == [("甲村", 3, 1)]


def test_completed_and_certificates(village):
    training_class = class_of("2026-03-01", "2026-03-31")
    first, second, third = (trained(training_class, village, completed=True) for _ in range(3))
    trained(training_class, village)
    issued(first)
    issued(second, state=Certificate.State.REVOKED, state_reason=Certificate.Reason.RED_LINE)

    row = total()

    assert third.completed_at
    assert (row.completed, row.certificates) == (3, 1)


def test_unknown_place_is_refused():
    with pytest.raises(RegionVersion.DoesNotExist):
        count("999999", *YEAR)


@pytest.mark.parametrize(
    ("code", "by", "empty"),
    [
        ("43", "county", ["431125", "431129"]),
        ("43", "town", []),
        (COUNTY, "town", ["431125100", "431125101"]),
        (COUNTY, "village", ["431125100200", "431125101200"]),
        ("431125100", "village", ["431125100200"]),
    ],
)
def test_places_one_and_two_levels_down_have_a_row_without_anybody(code, by, empty):
    place("431125101200")
    place("431129")

    answer = count(code, *YEAR, by=by)

    assert [row.key for row in answer.rows] == empty
    assert all(row.is_empty and row.label for row in answer.rows)


@pytest.mark.parametrize("by", ["town", "village", "month", "course", "category"])
def test_count_costs_the_same_queries_for_one_and_three(village, by, django_assert_num_queries):
    trained(class_of("2026-03-01", "2026-03-31"), village)
    queries = {"town": 5, "village": 5, "month": 3, "course": 4, "category": 3}[by]
    refresh_facts(timezone.localdate())

    with django_assert_num_queries(queries):
        count(COUNTY, *YEAR, by=by)
    for _ in range(2):
        trained(class_of("2026-04-01", "2026-04-30"), place("431125101200"))
    refresh_facts(timezone.localdate())
    with django_assert_num_queries(queries):
        count(COUNTY, *YEAR, by=by)
