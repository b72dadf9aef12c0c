"""Live classes with people in them, with a trait per state."""

import uuid
from datetime import datetime, timedelta

from courses.models import Enrolment, TrainingClass
from courses.services import enrol_person
from livestream.models import LiveClass, LiveSession
from livestream.services.live_class import Plan, begin_class, schedule_class
from registry.models import Person, User
from registry.queries.places import version_by_code
from tests.factories import courses as make

STARTS = make.at("2026-03-05", "19:30")


def make_class() -> TrainingClass:
    """Make an open training class of the home county, with a course that has a page and a lesson."""
    make.make_county()
    page = make.make_course_page(make.make_course())
    make.make_lesson(page)
    person = make.make_person("报名人", village=make.make_village())
    return enrol_person(person=person, course=page.course, now=STARTS - timedelta(days=2)).training_class


def enrol(training_class: TrainingClass, name: str = "何某花", user: User | None = None) -> Person:
    """Make somebody with a login and a place in the class."""
    user = user or make.make_user(name)
    person = make.make_person(name, user=user, village=make.make_village())
    Enrolment.objects.create(
        person=person,
        training_class=training_class,
        enrolled_at=STARTS - timedelta(days=1),
        village=person.village,
        village_version=version_by_code("431125100200"),
    )
    return person


def make_live_class(
    training_class: TrainingClass, teacher: User, starts_at: datetime = STARTS, **fields: object
) -> LiveClass:
    """Make a live class that is scheduled; further fields are set on its row."""
    live_class = schedule_class(
        training_class=training_class,
        plan=Plan("在线答疑", starts_at, 45),
        by=teacher,
        client_token=uuid.uuid4(),
        now=starts_at - timedelta(days=3),
    )
    if fields:
        LiveClass.objects.filter(pk=live_class.pk).update(**fields)
    return fresh(live_class)


def fresh(live_class: LiveClass) -> LiveClass:
    """Return the class as it stands in the database."""
    return LiveClass.objects.select_related("session", "training_class__course", "teacher").get(
        pk=live_class.pk
    )


def begun(live_class: LiveClass, at: datetime | None = None) -> LiveClass:
    """Begin a class at its time."""
    begin_class(live_class=live_class, now=at or live_class.starts_at)
    return fresh(live_class)


def ended(live_class: LiveClass, after: timedelta = timedelta(minutes=45)) -> LiveClass:
    """End a class that was begun, without anything that follows from it."""
    started = live_class.session.started_at
    LiveSession.objects.filter(pk=live_class.session_id).update(
        state="ended", ended_at=started + after, end_reason="host"
    )
    return fresh(live_class)
