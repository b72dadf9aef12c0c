"""Listens to what the registry announces about people, and to recordings that are ready."""

from typing import Any

from livestream.models import LiveSession
from livestream.services import forget_runs, remove_recordings_of
from livestream.services.analysis import request_analysis
from livestream.services.chat import forget_words
from livestream.services.review_forgetting import forget_reviews
from registry.models import Consent, Person


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person wrote, and what was recorded of her."""
    remove_recordings_of(person=person)
    forget_reviews(person=person)
    forget_words(person=person)
    forget_runs(person=person)


def measure_recording(sender: object, *, session: LiveSession, **kwargs: Any) -> None:
    """Have the sound and the picture of a rehearsal measured; a class is nobody's practice."""
    if session.kind == LiveSession.Kind.REHEARSAL:
        request_analysis(session=session)


def forget_withdrawn_recordings(sender: object, *, person: Person, items: list[str], **kwargs: Any) -> None:
    """Take away what was recorded of somebody who takes back her consent to it."""
    if Consent.Item.RECORD_REHEARSAL in items:
        remove_recordings_of(person=person)
