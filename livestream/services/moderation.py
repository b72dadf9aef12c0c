"""Keeping order in a class's chat. Everything done is one line more, with who did it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from livestream.events.publishing import publish_on_commit
from livestream.models import ChatMessage, LiveClass, ModerationAction
from livestream.queries.live_class import mode_of, shown
from registry.models import AuditAction, User
from registry.services import record

Kind = ModerationAction.Kind


@transaction.atomic
def set_mode(
    *,
    live_class: LiveClass,
    by: User,
    slow_seconds: int | None = None,
    is_questions_only: bool | None = None,
    is_locked: bool | None = None,
    own_words: str | None = None,
    now: datetime | None = None,
) -> LiveClass:
    """Change how the chat works; what is None stays, and what stays as it was is no line."""
    now = now or timezone.now()
    locked = LiveClass.objects.select_for_update(of=("self",)).select_related("session").get(pk=live_class.pk)
    wanted = {
        Kind.SLOW: ("slow_seconds", slow_seconds),
        Kind.QUESTIONS_ONLY: ("is_questions_only", is_questions_only),
        Kind.LOCK: ("is_locked", is_locked),
        Kind.WORDS: ("own_words", own_words),
    }
    for kind, (field, value) in wanted.items():
        if value is None or getattr(locked, field) == value:
            continue
        setattr(locked, field, value)
        # Of the words only how many: the list itself may hold names.
        kept = len(locked.words) if kind == Kind.WORDS else int(value)
        ModerationAction.objects.create(live_class=locked, kind=kind, by=by, value=str(kept), at=now)
    locked.save(update_fields=[field for field, _value in wanted.values()])
    publish_on_commit(room=str(locked.uid), kind="mode", **mode_of(locked))
    return locked


@transaction.atomic
def hide_message(*, message: ChatMessage, by: User, now: datetime | None = None) -> None:
    """Take a message out of everybody's sight; where it stood, a note says so. A repeat changes nothing."""
    now = now or timezone.now()
    # One that the word list holds back becomes hidden by somebody: she has looked at it.
    done = ChatMessage.objects.filter(pk=message.pk, hidden_by__isnull=True).update(
        hidden_at=now, hidden_by=by
    )
    if done:
        _note(message, Kind.HIDE, by, now)
        publish_on_commit(room=str(message.live_class.uid), kind="hidden", id=message.pk)


@transaction.atomic
def restore_message(*, message: ChatMessage, by: User, now: datetime | None = None) -> None:
    """Show a hidden message again, or let one pass that the word list held back."""
    now = now or timezone.now()
    done = ChatMessage.objects.filter(pk=message.pk, hidden_at__isnull=False).update(
        hidden_at=None, hidden_by=None
    )
    if done:
        _note(message, Kind.RESTORE, by, now)
        publish_on_commit(room=str(message.live_class.uid), kind="message", **shown(message).as_event())


@transaction.atomic
def mute_author(*, message: ChatMessage, by: User, now: datetime | None = None) -> None:
    """Let the author of a message write nothing more in this class, until she may again."""
    _silence(message, Kind.MUTE, by, now)


@transaction.atomic
def unmute_author(*, message: ChatMessage, by: User, now: datetime | None = None) -> None:
    """Let the author of a message write again."""
    _silence(message, Kind.UNMUTE, by, now)


def _silence(message: ChatMessage, kind: str, by: User, now: datetime | None) -> None:
    if message.is_staff:
        return
    _note(message, kind, by, now or timezone.now(), target=message.author)
    publish_on_commit(room=str(message.live_class.uid), kind="desk")


def _note(message: ChatMessage, kind: str, by: User, now: datetime, target: User | None = None) -> None:
    live_class = message.live_class
    ModerationAction.objects.create(
        live_class=live_class, kind=kind, by=by, message=message, target=target, at=now
    )
    record(
        actor=by,
        action=AuditAction.CHAT_MODERATED,
        person=message.person,
        region_code=live_class.training_class.county_code,
        detail={"class": str(live_class.uid), "what": str(kind), "message": message.pk},
        now=now,
    )
