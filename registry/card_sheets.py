"""The cards just issued, until they are printed.

Only their paper holds what opens a login. So that a page can be loaded again when the printer jams, the
secrets wait a quarter of an hour in the cache: sealed, and only for whoever issued the cards.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID, uuid4

import segno
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from registry.card_numbers import spaced
from registry.masking import mask_name
from registry.models import Person, User
from registry.sealing import seal, unseal
from registry.services.cards import IssuedCard

KEPT_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a card, and on its stub."""

    name: str
    place: str
    number: str
    first_code: str
    full_name: str
    qr: str


def keep_sheet(user: User, issued: Iterable[tuple[IssuedCard, Person]]) -> UUID:
    """Keep the cards for `sheet_of` and return the name of the sheet."""
    uid = uuid4()
    cards = [
        {
            "full_name": person.name,
            "place": getattr(person, "place", None) or "",
            "number": card.card.number,
            "token": card.token,
            "first_code": card.first_code,
        }
        for card, person in issued
    ]
    cache.set(_key(uid), seal(json.dumps(cards), context=_context(user, uid)), KEPT_SECONDS)
    return uid


def sheet_of(user: User, uid: UUID) -> list[PrintedCard] | None:
    """Return the cards of the sheet `user` has made; None when it is another's, too old or none.

    The QR codes lead to the site in the villagers' language, whichever staff reads.
    """
    kept = cache.get(_key(uid))
    if kept is None:
        return None
    try:
        cards = json.loads(unseal(kept, context=_context(user, uid)))
    except InvalidTag:  # somebody else's sheet
        return None
    with override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL.rstrip("/") + reverse("registry:card")
    return [
        PrintedCard(
            name=mask_name(card["full_name"]),
            place=card["place"],
            number=spaced(card["number"]),
            first_code=card["first_code"],
            full_name=card["full_name"],
            qr=_qr(f"{address}?{urlencode({'c': card['token']})}"),
        )
        for card in cards
    ]


def _qr(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)


def _key(uid: UUID) -> str:
    return f"card-sheet:{uid}"


def _context(user: User, uid: UUID) -> str:
    return f"registry.card_sheet.{user.uid}.{uid}"
