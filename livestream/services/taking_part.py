"""Raising a hand, and quick checks: one question to everybody, answers counted once a person."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from livestream.errors import CheckIsOpen, CheckNotOpen, ClassNotOpen
from livestream.events.publishing import publish_on_commit
from livestream.models import LiveClass, QuickCheck, QuickCheckAnswer, RaisedHand
from livestream.queries.live_class import open_hands, result_of
from registry.models import Person, User
from registry.queries.people import records_of, root_of


@transaction.atomic
def raise_hand(*, live_class: LiveClass, person: Person, now: datetime | None = None) -> None:
    """Put a hand up; one that is up stays. Raises ClassNotOpen."""
    now = now or timezone.now()
    if not live_class.is_open(now):
        raise ClassNotOpen
    RaisedHand.objects.bulk_create(
        [RaisedHand(live_class=live_class, person=root_of(person), raised_at=now)], ignore_conflicts=True
    )
    _tell_hands(live_class)


@transaction.atomic
def lower_hand(*, live_class: LiveClass, person: Person, by: User, now: datetime | None = None) -> None:
    """Take a hand down, one's own or as the teacher; one that is down stays down."""
    up = RaisedHand.objects.filter(
        live_class=live_class, person__in=records_of(person), lowered_at__isnull=True
    )
    up.update(lowered_at=now or timezone.now(), lowered_by=by)
    _tell_hands(live_class)


def ask_check(
    *,
    live_class: LiveClass,
    by: User,
    question: str,
    options: list[str],
    right_option: int | None,
    client_token: uuid.UUID,
    now: datetime | None = None,
) -> QuickCheck:
    """Ask everybody one question; the same token again returns the same. Raises ClassNotOpen, CheckIsOpen."""
    now = now or timezone.now()
    asked = QuickCheck.objects.filter(live_class=live_class, client_token=client_token).first()
    if asked:
        return asked
    if not live_class.is_open(now):
        raise ClassNotOpen
    try:
        with transaction.atomic():
            check = QuickCheck.objects.create(
                live_class=live_class,
                question=question,
                options=options,
                right_option=right_option,
                client_token=client_token,
                opened_at=now,
                opened_by=by,
            )
            _tell_check(check)
    except IntegrityError:
        raise CheckIsOpen from None
    return check


@transaction.atomic
def answer_check(*, check: QuickCheck, person: Person, choice: int, now: datetime | None = None) -> bool:
    """Choose an answer; the first one counts. Tells whether this was it. Raises CheckNotOpen."""
    locked = QuickCheck.objects.select_for_update(no_key=True).get(pk=check.pk)
    if locked.closed_at is not None or not 0 <= choice < len(locked.options):
        raise CheckNotOpen
    if locked.answers.filter(person__in=records_of(person)).exists():
        return False
    QuickCheckAnswer.objects.create(
        check_asked=locked, person=root_of(person), choice=choice, answered_at=now or timezone.now()
    )
    return True


@transaction.atomic
def close_check(*, check: QuickCheck, now: datetime | None = None) -> None:
    """Take no more answers, and show everybody how it came out."""
    closed = QuickCheck.objects.filter(pk=check.pk, closed_at__isnull=True)
    if closed.update(closed_at=now or timezone.now()):
        check.refresh_from_db()
        _tell_check(check)


def _tell_check(check: QuickCheck) -> None:
    publish_on_commit(room=str(check.live_class.uid), kind="check", **result_of(check).as_event())


def _tell_hands(live_class: LiveClass) -> None:
    publish_on_commit(room=str(live_class.uid), kind="hands", count=open_hands(live_class).count())
