"""Issuing sign-in cards, and proving with one who somebody is."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from registry.card_numbers import new_card_number
from registry.errors import (
    CardClosed,
    CardNotGood,
    FirstCodeWrong,
    PicturesChosenAlready,
    PicturesNotChosen,
    PicturesWrong,
    RegistryError,
    StaffSignsInHerself,
)
from registry.models import AuditAction, Person, SignInCard, User
from registry.permissions import holds_any_role
from registry.pictures import check_first_code, check_pictures, hash_first_code, hash_pictures
from registry.queries.people import person_of, records_of
from registry.queries.sign_in import token_hash
from registry.services.audit import record
from registry.services.logins import login_for

WRONG_TRIES = 5
CLOSED_FOR = timedelta(minutes=15)
CLOSED_AT_MOST = timedelta(days=1)
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card and the two secrets that only its paper holds."""

    card: SignInCard
    token: str
    first_code: str


@transaction.atomic
def issue_card(
    *, person: Person, by: User, request: HttpRequest | None = None, now: datetime | None = None
) -> IssuedCard:
    """Make a card for `person`; one she had before is good no more. Raises `StaffSignsInHerself`."""
    at = now or timezone.now()
    user = User.objects.select_for_update(no_key=True).get(pk=login_for(person=person).pk)
    SignInCard.objects.filter(user=user, cancelled_at=None).update(cancelled_at=at, cancelled_by=by)
    token, first_code = secrets.token_urlsafe(TOKEN_BYTES), f"{secrets.randbelow(10**6):06d}"
    card = SignInCard.objects.create(
        user=user,
        number=_free_number(),
        token_hash=token_hash(token),
        first_code=hash_first_code(first_code),
        issued_by=by,
        issued_at=at,
    )
    record(
        actor=by,
        action=AuditAction.CARD_ISSUED,
        person=person,
        detail={"card": str(card.uid)},
        request=request,
        now=at,
    )
    return IssuedCard(card, token, first_code)


@transaction.atomic
def cancel_card(
    *, person: Person, by: User, request: HttpRequest | None = None, now: datetime | None = None
) -> None:
    """Make the card of `person` good no more, as when it is lost; nothing happens when she has none."""
    at = now or timezone.now()
    found = SignInCard.objects.filter(user__person__in=records_of(person), cancelled_at=None)
    if found.update(cancelled_at=at, cancelled_by=by):
        record(actor=by, action=AuditAction.CARD_CANCELLED, person=person, request=request, now=at)


def check_stub(*, card: SignInCard, code: str, now: datetime | None = None) -> None:
    """Return when `code` is the one on the stub of a new card.

    Raises `FirstCodeWrong`, counted like wrong pictures, and the errors of `choose_pictures`.
    """
    _try(card, now or timezone.now(), lambda locked: _stub_problem(locked, code))


def choose_pictures(*, card: SignInCard, pictures: Sequence[str], now: datetime | None = None) -> User:
    """Keep the pictures of a new card once, and return whose it is.

    The caller has seen a witness: the stub's code (`check_stub`) or a station's own device. Raises
    `PicturesChosenAlready`, `CardNotGood` or `CardClosed`.
    """
    at = now or timezone.now()
    with transaction.atomic():
        locked = _lock_good(card, at)
        if locked.pictures:
            raise PicturesChosenAlready
        locked.pictures = hash_pictures(pictures)
        locked.last_used_at = at
        locked.save(update_fields=["pictures", "last_used_at"])
        record(
            actor=locked.user,
            action=AuditAction.PICTURES_CHOSEN,
            person=person_of(locked.user),
            detail={"card": str(locked.uid)},
            now=at,
        )
    return locked.user


def prove_card(*, card: SignInCard, pictures: Sequence[str], now: datetime | None = None) -> User:
    """Return whose card it is when these are her pictures in their order.

    Raises `PicturesWrong`; from the fifth time on `CardClosed` for a quarter of an hour, twice as long each
    further time and a day at most. Only this card is closed, from wherever it is tried. Raises `CardNotGood`
    or `PicturesNotChosen`.
    """
    return _try(card, now or timezone.now(), lambda locked: _pictures_problem(locked, pictures))


def _try(card: SignInCard, now: datetime, problem_of: Callable[[SignInCard], RegistryError | None]) -> User:
    with transaction.atomic():
        locked = _lock_good(card, now)
        problem = problem_of(locked)
        if problem is None:
            _note_success(locked, now)
        else:
            problem = _count(locked, problem, now)
    if problem is not None:  # raised out here, so that the counting is kept
        raise problem
    return locked.user


def _lock_good(card: SignInCard, now: datetime) -> SignInCard:
    locked = SignInCard.objects.select_for_update(of=["self"]).select_related("user").get(pk=card.pk)
    if locked.cancelled_at is not None or not locked.user.is_active:
        raise CardNotGood
    if locked.closed_until is not None and locked.closed_until > now:
        raise _closed(locked, now)
    if holds_any_role(locked.user):  # a role given since the card was issued
        raise StaffSignsInHerself
    return locked


def _stub_problem(card: SignInCard, code: str) -> RegistryError | None:
    if card.pictures:
        return PicturesChosenAlready()
    return None if check_first_code(code, card.first_code) else FirstCodeWrong()


def _pictures_problem(card: SignInCard, pictures: Sequence[str]) -> RegistryError | None:
    if not card.pictures:
        return PicturesNotChosen()
    return None if check_pictures(pictures, card.pictures) else PicturesWrong()


def _note_success(card: SignInCard, now: datetime) -> None:
    card.failures = card.closings = 0
    card.closed_until, card.last_used_at = None, now
    card.save(update_fields=["failures", "closings", "closed_until", "last_used_at"])


def _count(card: SignInCard, problem: RegistryError, now: datetime) -> RegistryError:
    if not isinstance(problem, PicturesWrong | FirstCodeWrong):
        return problem
    card.failures += 1
    if card.failures >= WRONG_TRIES:
        card.failures = 0
        card.closed_until = now + min(CLOSED_FOR * 2 ** min(card.closings, 10), CLOSED_AT_MOST)
        card.closings += 1
    card.save(update_fields=["failures", "closings", "closed_until"])
    return _closed(card, now) if card.failures == 0 else problem


def _closed(card: SignInCard, now: datetime) -> CardClosed:
    left = (card.closed_until or now) - now
    return CardClosed(minutes=max(1, -(-left.seconds // 60) + left.days * 24 * 60))


def _free_number() -> str:
    while SignInCard.objects.filter(number=(number := new_card_number())).exists():
        pass
    return number
