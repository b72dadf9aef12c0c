"""Who may teach, join and look at live classes; asked of the class's county, or of its training body."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from courses.models import Enrolment, TrainingClass
from livestream.models import LiveClass
from registry.capabilities import Capability
from registry.models import Person, User
from registry.permissions import may, organisations_of, scope_codes
from registry.queries.people import person_of, records_of, records_of_user


@dataclass(frozen=True)
class Seat:
    """Where somebody sits in a live class: who enrolled in front, who teaches at the desk, keepers beside."""

    is_teaching: bool = False
    is_keeping: bool = False
    person: Person | None = None


def can_teach(user: User | AnonymousUser) -> bool:
    """Tell whether `user` may schedule live classes somewhere."""
    return may(user, Capability.MARK_WORK)


def teachable_classes(user: User) -> QuerySet[TrainingClass]:
    """Return the open training classes for which `user` may schedule live hours, the newest first."""
    return (
        TrainingClass.objects.filter(_reached(user, Capability.MARK_WORK, ""))
        .filter(state=TrainingClass.State.OPEN)
        .select_related("course")
        .order_by("-starts_on", "-number")
    )


def taught_by(user: User) -> QuerySet[LiveClass]:
    """Return the live classes `user` may run."""
    reach = _reached(user, Capability.MARK_WORK, "training_class__")
    return LiveClass.objects.filter(reach)


def sent_by(user: User) -> QuerySet[LiveClass]:
    """Return the live classes whose picture `user` sends: those she teaches herself, as long as she may."""
    return taught_by(user).filter(teacher=user)


def counted_by(user: User) -> QuerySet[LiveClass]:
    """Return the live classes whose attendance `user` may read: who teaches them, who reads classes."""
    reach = _reached(user, Capability.MARK_WORK, "training_class__")
    return LiveClass.objects.filter(reach | _reached(user, Capability.READ_CLASSES, "training_class__"))


def kept_by(user: User) -> QuerySet[LiveClass]:
    """Return the live classes of the counties in which `user` helps people at a station."""
    codes = [code[:6] for code in scope_codes(user, Capability.ASSIST_SIGN_IN)]
    return LiveClass.objects.filter(_begins_with("training_class__county_code", codes))


def attended_by(user: User) -> QuerySet[LiveClass]:
    """Return the live classes of the training classes in which whoever signs in as `user` has a place."""
    enrolments = Enrolment.objects.filter(person__in=records_of_user(user)).values("training_class")
    return LiveClass.objects.filter(training_class__in=enrolments)


def seat_of(user: User | AnonymousUser, live_class: LiveClass) -> Seat | None:
    """Return where `user` sits in the class; None for somebody who has no business there."""
    if not isinstance(user, User) or not user.is_active:
        return None
    if attended_by(user).filter(pk=live_class.pk).exists():
        return Seat(person=person_of(user))
    if taught_by(user).filter(pk=live_class.pk).exists():
        return Seat(is_teaching=True)
    if kept_by(user).filter(pk=live_class.pk).exists():
        return Seat(is_keeping=True)
    return None


def is_enrolled(person: Person, live_class: LiveClass) -> bool:
    """Tell whether the human being behind `person` has a place in the class."""
    places = Enrolment.objects.filter(training_class=live_class.training_class_id)
    return places.filter(person__in=records_of(person)).exists()


def _reached(user: User, capability: Capability, prefix: str) -> Q:
    bodies = Q(**{f"{prefix}training_body__in": organisations_of(user, capability)})
    return _begins_with(f"{prefix}county_code", scope_codes(user, capability)) | bodies


def _begins_with(field: str, codes: list[str]) -> Q:
    """Return the condition that a code lies in one of the regions; an empty code is everywhere."""
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(**{f"{field}__startswith": code})
    return found


def can_make_lesson(user: User | AnonymousUser) -> bool:
    """Tell whether `user` writes lessons, so that a recording may become one."""
    return may(user, Capability.AUTHOR_LESSONS)
