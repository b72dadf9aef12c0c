"""People who completed a class, and those who go on seeing them."""

from datetime import date, timedelta
from decimal import Decimal

from courses.models import Enrolment, TrainingClass
from registry.models import Appointment, Person, Region, User
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.certificates import attend


def make_coach(region: Region, username: str = "coach-a") -> User:
    """A coach of a county since 2020."""
    user = make.make_user(username)
    appoint(user=user, role=Appointment.Role.COACH, region=region, since=date(2020, 1, 1))
    return user


def completed(person: Person, *, ended: date = date(2026, 3, 31)) -> Enrolment:
    """Have `person` complete a class of her county that ended on a day and is closed."""
    training_class = TrainingClass.objects.filter(ends_on=ended, course__code="FOLLOW").first() or _closed(
        ended
    )
    village = person.village
    version = village.versions.first() if village else None
    enrolment = Enrolment.objects.create(
        person=person,
        training_class=training_class,
        enrolled_at=make.at(ended.isoformat()) - timedelta(days=9),
        village=village,
        village_version=version,
        completed_at=make.at(ended.isoformat()),
        completed_hours=Decimal(24),
        completed_practical=Decimal(80),
    )
    attend(enrolment, 45, ended)
    return enrolment


def completed_person(name: str, *, ended: date = date(2026, 3, 31)) -> Person:
    """Somebody of the home county who completed a class."""
    person = make.make_person(name, village=make.make_village())
    completed(person, ended=ended)
    return person


def _closed(ended: date) -> TrainingClass:
    from courses.models import Course
    from registry.queries.places import version_by_code

    course = Course.objects.filter(code="FOLLOW").first() or make.make_course("FOLLOW", "24")
    return TrainingClass.objects.create(
        course=course,
        county=version_by_code("431125").region,
        county_code="431125",
        year=ended.year,
        number=900 + TrainingClass.objects.count(),
        kind=TrainingClass.Kind.ONLINE,
        state=TrainingClass.State.CLOSED,
        starts_on=ended.replace(day=1),
        ends_on=ended,
        closed_at=make.at(ended.isoformat()),
    )
