"""Listens to what the courses and the registry announce."""

from typing import Any

from django.utils.translation import gettext as _

from certificates.services import end_sharing_of, queue_issue
from courses.models import Enrolment, TrainingClass
from registry.models import Person
from registry.queries.people import root_of
from registry.typesetting import named, unprintable_characters


def queue_certificate(sender: object, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Queue the certificate of a self-paced course that was just completed; the clerk issues to classes."""
    if enrolment.training_class.kind == TrainingClass.Kind.ONLINE:
        queue_issue(enrolment)


def warn_of_name(sender: object, *, person: Person, **kwargs: Any) -> str:
    """Tell somebody who takes a place when no font here can print her name; the office is told at issue."""
    missing = unprintable_characters(root_of(person).name)
    if not missing:
        return ""
    return _(
        "Your name holds a character that we cannot print yet: %(characters)s. Tell the county office."
    ) % {"characters": named(missing)}


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """End the links of somebody whose login is deleted; her certificates stay verifiable."""
    end_sharing_of(person)
