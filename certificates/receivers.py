"""Listens to what the courses and the registry announce."""

from typing import Any

from certificates.services import end_sharing_of, queue_issue
from courses.models import Enrolment, TrainingClass
from registry.models import Person


def queue_certificate(sender: object, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Queue the certificate of a self-paced course that was just completed; the clerk issues to classes."""
    if enrolment.training_class.kind == TrainingClass.Kind.ONLINE:
        queue_issue(enrolment)


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """End the links of somebody whose login is deleted; her certificates stay verifiable."""
    end_sharing_of(person)
