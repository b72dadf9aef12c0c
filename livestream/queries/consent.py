"""What hosts agreed to about their rehearsals."""

from datetime import date

from django.utils import timezone

from livestream.models import LiveSession
from registry.models import Consent, ConsentItem, Person
from registry.queries.consent import has_consent, open_consents
from registry.queries.people import records_of

REHEARSAL_CONSENTS = (
    Consent.Item.RECORD_REHEARSAL,
    Consent.Item.PEERS_WATCH,
    Consent.Item.SHOWCASE_REHEARSAL,
)


def may_record(session: LiveSession, on: date) -> bool:
    """Tell whether its host agrees to being recorded when she rehearses."""
    return session.person is not None and has_consent(session.person, Consent.Item.RECORD_REHEARSAL, on)


def has_taken_back_recording(person: Person, on: date | None = None) -> bool:
    """Tell whether she agreed to being recorded once and does no longer."""
    withdrawn = ConsentItem.objects.filter(
        person__in=records_of(person),
        item=Consent.Item.RECORD_REHEARSAL,
        end=ConsentItem.End.WITHDRAWN,
    )
    return withdrawn.exists() and not has_consent(
        person, Consent.Item.RECORD_REHEARSAL, on or timezone.localdate()
    )


def peers_may_watch(person: Person, on: date | None = None) -> bool:
    """Tell whether trainees of her class may watch her rehearsals."""
    day = on or timezone.localdate()
    return has_consent(person, Consent.Item.PEERS_WATCH, day) and not has_taken_back_recording(person, day)


def may_show_in_public(person: Person, on: date | None = None) -> bool:
    """Tell whether a rehearsal of hers may be an example for everybody; before it is, she is asked again."""
    day = on or timezone.localdate()
    return has_consent(person, Consent.Item.SHOWCASE_REHEARSAL, day) and not has_taken_back_recording(
        person, day
    )


def rehearsal_consents(person: Person) -> dict[str, bool]:
    """Return for each of the three consents about rehearsals whether she agrees."""
    agreed = open_consents(person)
    return {item.value: item in agreed for item in REHEARSAL_CONSENTS}
