"""Live classes as they are listed, and what one looks like at this moment."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from livestream.chat_words import REASONS
from livestream.models import ChatMessage, LiveClass, ModerationAction, QuickCheck, RaisedHand
from registry.masking import mask_name
from registry.models import Person
from registry.queries.people import is_same_person

SHOWN_MESSAGES = 60
_STILL_TO_COME = timedelta(hours=6)  # a class planned for earlier and never begun is no longer announced


def with_session(classes: QuerySet[LiveClass]) -> QuerySet[LiveClass]:
    """Add what every page of a class shows of it."""
    return classes.select_related("session", "training_class__course", "teacher")


def class_with_uid(uid: uuid.UUID) -> LiveClass | None:
    """Return a live class by its address; None when there is none."""
    return with_session(LiveClass.objects.filter(session__uid=uid)).first()


def upcoming(classes: QuerySet[LiveClass], now: datetime) -> QuerySet[LiveClass]:
    """Return those that are on now or still to come, the next one first."""
    open_ones = classes.filter(
        cancelled_at__isnull=True,
        session__ended_at__isnull=True,
        session__scheduled_at__gt=now - _STILL_TO_COME,
    )
    return with_session(open_ones).order_by("session__scheduled_at", "pk")


def past(classes: QuerySet[LiveClass], now: datetime) -> QuerySet[LiveClass]:
    """Return those that are over or were cancelled, the newest first."""
    rest = classes.exclude(pk__in=upcoming(classes, now).values("pk"))
    return with_session(rest).order_by("-session__scheduled_at", "-pk")


@dataclass(frozen=True)
class ShownMessage:
    """A message as everybody sees it: the name cut short, since a class is half of a county."""

    pk: int
    name: str
    text: str
    is_staff: bool
    is_question: bool
    sent_at: datetime

    def as_event(self) -> dict[str, Any]:
        """Return it as browsers take it."""
        return {
            "id": self.pk,
            "name": self.name,
            "text": self.text,
            "staff": self.is_staff,
            "question": self.is_question,
            "at": self.sent_at.isoformat(),
        }


def shown(message: ChatMessage) -> ShownMessage:
    """Return a message as everybody sees it; author and person must be at hand."""
    if message.is_staff or message.person is None:
        name = message.author.display_name or ""
    else:
        name = mask_name(message.person.name)
    return ShownMessage(
        message.pk, name, message.text, message.is_staff, message.is_question, message.sent_at
    )


def shown_messages(live_class: LiveClass, limit: int | None = SHOWN_MESSAGES) -> list[ShownMessage]:
    """Return the newest messages that are not hidden, the oldest of them first."""
    rows = live_class.messages.filter(hidden_at__isnull=True).exclude(text="")
    newest = rows.select_related("author", "person").order_by("-sent_at", "-pk")
    return [shown(message) for message in reversed(newest[:limit] if limit else list(newest))]


@dataclass(frozen=True)
class CheckResult:
    """A quick check with how it came out, each human being once."""

    check: QuickCheck
    counts: list[int]
    own_choice: int | None = None

    @property
    def total(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def lines(self) -> list[tuple[int, str, int, bool]]:
        """Number, text, count and whether it is right, an answer a line."""
        right = self.check.right_option
        pairs = zip(self.check.options, self.counts, strict=True)
        return [(number, text, count, number == right) for number, (text, count) in enumerate(pairs)]

    def as_event(self) -> dict[str, Any]:
        """Return it as browsers take it; how it stands is told when it is closed."""
        is_closed = self.check.closed_at is not None
        return {
            "id": self.check.pk,
            "question": self.check.question,
            "options": self.check.options,
            "open": not is_closed,
            "counts": self.counts if is_closed else None,
            "right": self.check.right_option if is_closed else None,
        }


def result_of(check: QuickCheck, person: Person | None = None) -> CheckResult:
    """Return how a check stands, and what `person` chose; two records of one human being are one answer."""
    counts, own, counted = [0] * len(check.options), None, set()
    for answer in check.answers.select_related("person").order_by("answered_at", "pk"):
        human = answer.person.kept_as_id or answer.person_id
        if human in counted:
            continue
        counted.add(human)
        counts[answer.choice] += 1
        if is_same_person(answer.person, person):
            own = answer.choice
    return CheckResult(check, counts, own)


def current_check(live_class: LiveClass, person: Person | None = None) -> CheckResult | None:
    """Return the check that is open, else the one closed last; None before the first."""
    check = live_class.checks.order_by("-opened_at", "-pk").first()
    return result_of(check, person) if check else None


def open_hands(live_class: LiveClass) -> QuerySet[RaisedHand]:
    """Return who wants to speak, who waits longest first."""
    waiting = live_class.hands.filter(lowered_at__isnull=True)
    return waiting.select_related("person").order_by("raised_at", "pk")


def mode_of(live_class: LiveClass) -> dict[str, Any]:
    """Return what the teacher set for the chat, as browsers take it."""
    return {
        "slow": live_class.slow_seconds,
        "questions_only": live_class.is_questions_only,
        "locked": live_class.is_locked,
    }


def has_raised_hand(live_class: LiveClass, person: Person | None) -> bool:
    """Tell whether her hand is up."""
    if person is None:
        return False
    root = person.kept_as_id or person.pk
    return open_hands(live_class).filter(person=root).exists()


@dataclass(frozen=True)
class DeskPanel:
    """What the teacher looks at while she teaches."""

    hands: list[RaisedHand]
    held: list[tuple[ChatMessage, str | Promise]]
    reported: list[ChatMessage]
    hidden: list[ChatMessage]
    check: CheckResult | None
    muted: set[int]  # the logins that may not write now

    @property
    def to_look_at(self) -> int:
        """How many messages wait for a decision."""
        return len(self.held) + len(self.reported)


def desk_panel(live_class: LiveClass) -> DeskPanel:
    """Return who waits to speak, what waits to be looked at, and how the quick check stands."""
    rows = live_class.messages.select_related("author", "person", "hidden_by")
    reported = rows.filter(hidden_at__isnull=True, moderation__kind="report")
    hidden = rows.filter(hidden_at__isnull=False)
    held = hidden.filter(hidden_by__isnull=True)
    return DeskPanel(
        hands=list(open_hands(live_class)[:50]),
        held=[(each, REASONS.get(each.held_for, "")) for each in held.order_by("sent_at")[:50]],
        reported=list(reported.annotate(reports=Count("moderation")).order_by("-reports", "sent_at")[:20]),
        hidden=list(hidden.filter(hidden_by__isnull=False).order_by("-hidden_at")[:20]),
        check=current_check(live_class),
        muted=muted_users(live_class),
    )


def muted_users(live_class: LiveClass) -> set[int]:
    """Return the logins the teacher asked to be silent: what she did last about each holds."""
    kinds = ModerationAction.Kind
    lines = live_class.moderation.filter(kind__in=[kinds.MUTE, kinds.UNMUTE])
    last = lines.order_by("target", "-at", "-pk").distinct("target").values_list("target", "kind")
    return {user for user, kind in last if kind == kinds.MUTE}
