"""Listens to what the courses announce."""

from typing import Any

from certificates.services import queue_issue
from courses.models import Enrolment


def queue_certificate(sender: object, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Queue the certificate of an enrolment that was just completed."""
    queue_issue(enrolment)
