"""Writing in a live class, and reporting what somebody wrote."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from livestream.chat_words import reason_to_hold
from livestream.errors import ChatRefused, ClassNotOpen
from livestream.events.publishing import publish_on_commit
from livestream.models import ChatMessage, LiveClass, ModerationAction
from livestream.models.chat import MAX_MESSAGE_LENGTH
from livestream.queries.live_class import shown
from registry.models import Person, User

Kind = ModerationAction.Kind


@transaction.atomic
def say(
    *,
    live_class: LiveClass,
    author: User,
    person: Person | None,
    text: str,
    is_question: bool,
    client_token: uuid.UUID,
    is_staff: bool = False,
    now: datetime | None = None,
) -> ChatMessage:
    """Write a message; the same token again returns the same one. What the word list hits waits, unseen.

    Raises ClassNotOpen and ChatRefused.
    """
    now = now or timezone.now()
    sent = ChatMessage.objects.filter(live_class=live_class, author=author, client_token=client_token).first()
    if sent:
        return sent
    kept = " ".join(text.split())
    if not kept or len(kept) > MAX_MESSAGE_LENGTH:
        raise ChatRefused(ChatRefused.EMPTY)
    if not live_class.is_open(now):
        raise ClassNotOpen
    if not is_staff:
        _refuse_by_mode(live_class, author, is_question, now)
    held_for = "" if is_staff else reason_to_hold(kept, live_class.words)
    message, is_new = ChatMessage.objects.get_or_create(
        live_class=live_class,
        author=author,
        client_token=client_token,
        defaults={
            "person": person,
            "is_staff": is_staff,
            "is_question": is_question,
            "text": kept,
            "sent_at": now,
            "held_for": held_for,
            "hidden_at": now if held_for else None,
        },
    )
    if not is_new:
        return message
    if held_for:
        ModerationAction.objects.create(
            live_class=live_class, kind=Kind.HIT, message=message, value=held_for, at=now
        )
        publish_on_commit(room=str(live_class.uid), kind="desk")
    else:
        publish_on_commit(room=str(live_class.uid), kind="message", **shown(message).as_event())
    return message


@transaction.atomic
def report_message(*, message: ChatMessage, by: User, now: datetime | None = None) -> None:
    """Tell the teacher about a message, once from each person; it stays until she decides."""
    _line, is_new = ModerationAction.objects.get_or_create(
        live_class=message.live_class,
        kind=Kind.REPORT,
        message=message,
        by=by,
        defaults={"at": now or timezone.now()},
    )
    if is_new:
        publish_on_commit(room=str(message.live_class.uid), kind="desk")


def is_muted(live_class: LiveClass, user: User) -> bool:
    """Tell whether the teacher asked `user` to be silent: what she did last holds."""
    last = (
        live_class.moderation.filter(target=user, kind__in=[Kind.MUTE, Kind.UNMUTE])
        .order_by("-at", "-pk")
        .values_list("kind", flat=True)
        .first()
    )
    return last == Kind.MUTE


def _refuse_by_mode(live_class: LiveClass, author: User, is_question: bool, now: datetime) -> None:
    if live_class.is_locked:
        raise ChatRefused(ChatRefused.LOCKED)
    if is_muted(live_class, author):
        raise ChatRefused(ChatRefused.MUTED)
    if live_class.is_questions_only and not is_question:
        raise ChatRefused(ChatRefused.QUESTIONS)
    if live_class.slow_seconds:
        # Under the author's lock, or two messages at once would both find nothing before them.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
        since = now - timedelta(seconds=live_class.slow_seconds)
        if live_class.messages.filter(author=author, sent_at__gt=since).exists():
            raise ChatRefused(ChatRefused.SLOW)


def forget_words(*, person: Person) -> None:
    """Take away what a deleted person wrote in chats, and her raised hands; that she was there stays."""
    ChatMessage.objects.filter(person=person).update(text="", person=None)
    person.raised_hands.all().delete()
