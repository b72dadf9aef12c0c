"""Remarks on a second of a rehearsal: made while it runs or afterwards, answered and settled by its host."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from livestream.models import CommentAnswer, LiveSession, TimelineComment
from livestream.queries.reviews import last_given, rubric_in_force
from livestream.queries.segments import segment_key_at
from livestream.review_errors import OwnRehearsal, RemarkEmpty, RemarkNotShown
from livestream.voice_notes import VoiceNote
from registry.models import User
from registry.queries.people import is_same_person, person_of

# Who sees something worth a remark needs this long to press.
LEAD = timedelta(seconds=3)


@dataclass(frozen=True)
class Said:
    """What a remark says: text, a voice note or both, and which line of the rubric it is about."""

    text: str = ""
    voice: VoiceNote | None = None
    line_key: str = ""
    seconds: int = 0


def add_remark(
    *,
    session: LiveSession,
    author: User,
    role: str,
    client_token: uuid.UUID,
    pressed_at: datetime,
    said: Said,
    lead: timedelta = LEAD,
    now: datetime | None = None,
) -> TimelineComment:
    """Remark on what was to be seen `lead` before `pressed_at` (clock of the recording).

    The same token again returns the same remark. A coach's remark is shown with her review, and at once when
    that is given; a fellow trainee's at once. Raises RemarkEmpty, OwnRehearsal.
    """
    now = now or timezone.now()
    if is_same_person(person_of(author), session.person):
        raise OwnRehearsal
    if not said.text.strip() and said.voice is None:
        raise RemarkEmpty
    known = TimelineComment.objects.filter(author=author, client_token=client_token).first()
    if known:
        return known
    moment = _within(session, pressed_at - lead, now)
    is_coach = role == TimelineComment.Role.COACH
    is_shown = not is_coach or last_given(session, author) is not None
    remark = TimelineComment(
        session=session,
        author=author,
        role=role,
        client_token=client_token,
        wall_time=moment,
        seconds=said.seconds,
        segment_key=segment_key_at(session, moment),
        line_key=_known_line(said.line_key),
        text=said.text.strip(),
        state=TimelineComment.State.SHOWN if is_shown else TimelineComment.State.DRAFT,
        made_at=now,
        shown_at=now if is_shown else None,
    )
    return _keep(remark, said.voice)


@transaction.atomic
def take_back_remark(*, remark: TimelineComment) -> None:
    """Take a remark back; it stays on record and nobody is shown it."""
    remark.state = TimelineComment.State.WITHDRAWN
    remark.save(update_fields=["state"])


@transaction.atomic
def settle_remark(*, remark: TimelineComment, is_settled: bool, now: datetime | None = None) -> None:
    """Tick a remark as settled, or open it again: the host's own list. Raises RemarkNotShown."""
    _refuse_unshown(remark)
    at = (now or timezone.now()) if is_settled else None
    TimelineComment.objects.filter(pk=remark.pk).filter(Q(resolved_at__isnull=is_settled)).update(
        resolved_at=at
    )
    remark.refresh_from_db(fields=["resolved_at"])


@transaction.atomic
def answer_remark(
    *,
    remark: TimelineComment,
    author: User,
    text: str,
    client_token: uuid.UUID,
    now: datetime | None = None,
) -> CommentAnswer:
    """Answer a remark; the same token again returns the same answer. Raises RemarkNotShown, RemarkEmpty."""
    _refuse_unshown(remark)
    if not text.strip():
        raise RemarkEmpty
    answer, _is_new = CommentAnswer.objects.get_or_create(
        author=author,
        client_token=client_token,
        defaults={"remark": remark, "text": text.strip(), "made_at": now or timezone.now()},
    )
    return answer


def _within(session: LiveSession, moment: datetime, now: datetime) -> datetime:
    """Return the moment, moved into the session where a clock went wrong."""
    first = session.started_at or session.created_at
    return max(first, min(moment, session.ended_at or now))


def _known_line(key: str) -> str:
    return key if key in {line.key for line in rubric_in_force().lines.all()} else ""


def _keep(remark: TimelineComment, voice: VoiceNote | None) -> TimelineComment:
    """Store the remark; of two that arrive at once with one token the first stays."""
    if voice is not None:
        remark.voice_sha256, remark.voice_seconds = voice.sha256, voice.seconds
        remark.voice.save(f"{voice.sha256}.m4a", ContentFile(voice.content), save=False)
    try:
        with transaction.atomic():
            remark.save()
    except IntegrityError:
        if voice is not None:
            remark.voice.delete(save=False)
        return TimelineComment.objects.get(author=remark.author, client_token=remark.client_token)
    return remark


def _refuse_unshown(remark: TimelineComment) -> None:
    if remark.state != TimelineComment.State.SHOWN:
        raise RemarkNotShown
