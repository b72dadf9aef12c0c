"""Rows below a certificate, in the fewest words: a county, its people, a class, what was attended.

Fictional people only; ID numbers, where one is wanted, with the unassigned prefix 99.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from certificates.models import Certificate
from courses.models import Attendance, Course, Enrolment, QuizAttempt, TrainingClass
from registry.models import Person, Region, RegionVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALWAYS = DateRange(date(1990, 1, 1), None)
LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}


def noon(day):
    """Return noon in Shanghai of a date or of an ISO text."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def place(code, name="", *, valid=ALWAYS, region=None):
    """Return the version of a place that bears `code`, with its parents made or found."""
    found = RegionVersion.objects.filter(code=code, valid__overlap=valid).first()
    if found:
        return found
    above = {4: 2, 6: 4, 9: 6, 12: 9}.get(len(code))
    return RegionVersion.objects.create(
        region=region or Region.objects.create(),
        code=code,
        name=name or f"地区{code}",
        level=LEVELS[len(code)],
        parent=place(code[:above]).region if above else None,
        valid=valid,
        source="test",
    )


class PersonFactory(factory.django.DjangoModelFactory):
    """A villager with a fictional name."""

    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"学员{n:04d}")
    name_key = factory.SelfAttribute("name")
    sex = "F"
    birth_year = 1972
    identity_level = Person.IdentityLevel.MATCHED


class CourseFactory(factory.django.DjangoModelFactory):
    """A course of 24 class hours."""

    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"C{n:03d}")
    name = "农产品包装"
    name_en = "Packaging farm produce"
    category = Course.Category.PACKAGING
    hours = Decimal(24)


class TrainingClassFactory(factory.django.DjangoModelFactory):
    """A monthly online class of March 2026 in Jiangyong, open; traits: closed, cancelled."""

    class Meta:
        model = TrainingClass

    class Params:
        closed = factory.Trait(
            state=TrainingClass.State.CLOSED, closed_at=factory.LazyAttribute(lambda o: noon(o.ends_on))
        )
        cancelled = factory.Trait(state=TrainingClass.State.CANCELLED)
        taught = factory.Trait(
            kind=TrainingClass.Kind.TAUGHT,
            planned_hours=Decimal(24),
            capacity=40,
            venue="示例镇文化站",
            approved_at=factory.LazyAttribute(lambda o: noon(o.starts_on - timedelta(days=7))),
        )

    course = factory.SubFactory(CourseFactory)
    county_code = "431125"
    county = factory.LazyAttribute(lambda o: place(o.county_code, "江永县").region)
    kind = TrainingClass.Kind.ONLINE
    starts_on = date(2026, 3, 1)
    ends_on = date(2026, 3, 31)
    year = factory.LazyAttribute(lambda o: o.starts_on.year)
    number = factory.Sequence(lambda n: n % 8000 + 1001)  # tests give the small ones


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """A place in a class; traits: attended (45 minutes) and completed (24 hours, mark 85.5)."""

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    class Params:
        completed = factory.Trait(
            completed_at=factory.LazyAttribute(lambda o: o.enrolled_at + timedelta(days=20)),
            completed_hours=Decimal("24.00"),
            completed_practical=Decimal("85.50"),
        )

    person = factory.SubFactory(PersonFactory)
    training_class = factory.SubFactory(TrainingClassFactory)
    enrolled_at = factory.LazyAttribute(lambda o: noon(o.training_class.starts_on + timedelta(days=2)))
    village = factory.LazyAttribute(lambda o: o.village_version.region if o.village_version else None)
    village_version = None

    @factory.post_generation
    def minutes(self, create, minutes):
        """Give `minutes` of attendance on the day after enrolling."""
        if minutes:
            attend(self, minutes)


def attend(enrolment, minutes, day=None):
    """Add a row to the ledger, with the passed quiz that earned it."""
    moment = noon(day) if day else enrolment.enrolled_at + timedelta(days=1)
    if minutes > 0:
        QuizAttempt.objects.create(
            enrolment=enrolment,
            lesson_key=uuid4(),
            quiz_key="quiz",
            answers={},
            score=100,
            is_passed=True,
            sent_at=moment,
        )
    return Attendance.objects.create(
        enrolment=enrolment,
        on_date=moment.astimezone(SHANGHAI).date(),
        minutes=minutes,
        evidence=Attendance.Evidence.QUIZ,
        recorded_at=moment,
    )


def issued(enrolment, **changes):
    """Return a certificate issued for a completed enrolment, not printed; `changes` set its state."""
    from certificates.services import issue_certificate

    certificate = issue_certificate(enrolment=enrolment, now=enrolment.completed_at)
    if changes:
        Certificate.objects.filter(pk=certificate.pk).update(**changes)
        certificate.refresh_from_db()
    return certificate
