from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from courses.errors import ClassNotBegun
from courses.models import Enrolment, TrainingClass
from courses.services import close_class, close_online_classes, enrol_person
from registry.models import Household, Membership, StatusPeriod
from tests.factories.courses import at, make_county, make_course, make_person, make_region, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    make_county()
    return make_course()


def test_enrol_person_opens_the_monthly_class(course):
    enrolment = enrol_person(person=make_person(), course=course, now=at("2026-02-10"))

    opened = enrolment.training_class
    assert (opened.starts_on, opened.ends_on) == (date(2026, 2, 1), date(2026, 2, 28))
    assert (opened.county_code, opened.label, opened.kind) == ("431125", "2026-0001", "online")


def test_e02_enrol_person_twice_gives_one_place(course):
    person = make_person()

    first = enrol_person(person=person, course=course, now=at("2026-02-10"))
    again = enrol_person(person=person, course=course, now=at("2026-02-11"))

    assert first == again
    assert Enrolment.objects.count() == 1


def test_e22_enrol_person_joins_the_class_of_the_month(course):
    first = enrol_person(person=make_person(), course=course, now=at("2026-02-10"))
    second = enrol_person(person=make_person(), course=course, now=at("2026-02-28", "23:59"))
    third = enrol_person(person=make_person(), course=course, now=at("2026-03-01", "00:01"))

    assert first.training_class == second.training_class
    assert third.training_class.label == "2026-0002"


def test_enrol_person_numbers_classes_by_county_and_year(course):
    other = make_course("U")
    labels = [
        enrol_person(person=make_person(), course=each, now=at(day)).training_class.label
        for each, day in [(course, "2026-11-02"), (other, "2026-11-03"), (course, "2027-01-01")]
    ]

    assert labels == ["2026-0001", "2026-0002", "2027-0001"]


def test_enrol_person_keeps_an_unfinished_place(course):
    person = make_person()
    january = enrol_person(person=person, course=course, now=at("2026-01-20"))

    assert enrol_person(person=person, course=course, now=at("2026-02-03")) == january


def test_enrol_person_after_completion_is_a_new_place(course):
    person = make_person()
    january = enrol_person(person=person, course=course, now=at("2026-01-20"))
    Enrolment.objects.filter(pk=january.pk).update(
        completed_at=at("2026-01-30"), completed_hours=Decimal(4), completed_practical=Decimal(80)
    )

    again = enrol_person(person=person, course=course, now=at("2026-01-31"))
    march = enrol_person(person=person, course=course, now=at("2026-03-03"))

    assert again == january
    assert march != january


def test_e08_enrol_person_stores_village_and_status_of_the_day(course):
    village = make_village()
    person = make_person(village=village)
    household = Household.objects.create(county=make_county().region, number="1", village=village)
    Membership.objects.create(person=person, household=household, valid=DateRange(date(2014, 1, 1), None))
    StatusPeriod.objects.create(
        household=household, kind=1, label="一般贫困户", valid=DateRange(date(2014, 1, 1), date(2020, 6, 30))
    )

    enrolment = enrol_person(person=person, course=course, now=at("2020-03-01"))

    assert enrolment.village == village
    assert enrolment.village_version.code == "431125100200"
    assert enrolment.was_registered
    assert enrolment.was_ever_registered
    assert not enrolment.was_monitored


def test_e16_enrol_person_joins_the_class_of_her_own_county(course):
    elsewhere = make_region("522601", "凯里市", 3)
    village = make_region("522601100200", "外村", 5, elsewhere.region)

    enrolment = enrol_person(person=make_person(village=village.region), course=course, now=at("2026-02-10"))

    assert enrolment.training_class.county_code == "522601"


def test_close_class_early_ends_it_that_day_and_the_next_opens_anew(course):
    first = enrol_person(person=make_person(), course=course, now=at("2026-02-10")).training_class

    close_class(training_class=first, now=at("2026-02-15"))
    again = close_class(training_class=first, now=at("2026-02-20"))
    second = enrol_person(person=make_person(), course=course, now=at("2026-02-15", "18:00")).training_class

    assert (again.state, again.ends_on) == ("closed", date(2026, 2, 15))
    assert (second.starts_on, second.number) == (date(2026, 2, 15), 2)


def test_close_class_before_its_first_day(course):
    training_class = enrol_person(person=make_person(), course=course, now=at("2026-02-10")).training_class

    with pytest.raises(ClassNotBegun):
        close_class(training_class=training_class, now=at("2026-01-31"))


def test_close_online_classes_closes_those_past_their_last_day(course):
    enrol_person(person=make_person(), course=course, now=at("2026-02-10"))
    enrol_person(person=make_person(), course=course, now=at("2026-03-10"))

    closed = close_online_classes(now=at("2026-03-31", "23:59"))

    assert closed == 1
    assert close_online_classes(now=at("2026-03-31", "23:59")) == 0
    assert TrainingClass.objects.get(state="closed").ends_on == date(2026, 2, 28)
