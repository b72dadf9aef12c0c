"""The twelve pictures of which somebody remembers three, in their order, where others remember a password."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

CHOSEN = 3
# Plain things of a village that nobody takes for one another; drawn in static/registry/img/pictures.svg.
PICTURES: dict[str, str | Promise] = {
    "hen": pgettext_lazy("picture", "hen"),
    "corn": pgettext_lazy("picture", "ear of corn"),
    "kettle": pgettext_lazy("picture", "kettle"),
    "bicycle": pgettext_lazy("picture", "bicycle"),
    "umbrella": pgettext_lazy("picture", "umbrella"),
    "fish": pgettext_lazy("picture", "fish"),
    "sun": pgettext_lazy("picture", "sun"),
    "house": pgettext_lazy("picture", "house"),
    "tree": pgettext_lazy("picture", "tree"),
    "key": pgettext_lazy("picture", "key"),
    "bowl": pgettext_lazy("picture", "bowl of rice"),
    "moon": pgettext_lazy("picture", "moon"),
}


def are_pictures(chosen: Sequence[str]) -> bool:
    """Tell whether these are three different pictures."""
    return len(chosen) == CHOSEN == len(set(chosen)) and set(chosen) <= PICTURES.keys()


def shuffled_pictures() -> list[tuple[str, str | Promise]]:
    """Return the pictures with their names in a new order each time: a worn screen tells nothing."""
    pictures = list(PICTURES.items())
    secrets.SystemRandom().shuffle(pictures)
    return pictures


def hash_pictures(chosen: Sequence[str]) -> str:
    """Return what is kept of them. 1320 possibilities need the pepper: the database alone does not tell."""
    return make_password(_peppered(chosen))


def check_pictures(chosen: Sequence[str], kept: str) -> bool:
    """Tell whether these are the ones."""
    return check_password(_peppered(chosen), kept)


def hash_first_code(code: str) -> str:
    """Return what is kept of the code on a card's stub."""
    return make_password(_peppered(["first", code]))


def check_first_code(code: str, kept: str) -> bool:
    """Tell whether this is the code."""
    return check_password(_peppered(["first", code]), kept)


def _peppered(parts: Sequence[str]) -> str:
    return hmac.new(
        bytes.fromhex(settings.CARD_PEPPER), "\n".join(parts).encode(), hashlib.sha256
    ).hexdigest()
