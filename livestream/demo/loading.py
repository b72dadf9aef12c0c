"""Telling the demo's rehearsals through the services, at their time; a repeat changes nothing."""

import hashlib
import tempfile
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from livestream.blueprints import BLUEPRINTS
from livestream.demo import story
from livestream.demo.film import make_film
from livestream.models import Analysis, LiveSession, RecordingBuild, RoomMark, RunOfShow
from livestream.queries import run_sheet
from livestream.queries.reviews import last_given
from livestream.services import (
    Chunk,
    Declared,
    build_recording,
    finish,
    rename_run,
    save_product,
    save_segment,
    start_rehearsal,
    start_run,
    take_chunk,
)
from livestream.services.analysis import analyse_recording
from livestream.services.remarks import Said, add_remark, settle_remark
from livestream.services.reviews import ask_for_review, give_review, take_rehearsal
from livestream.services.room import Mark, note_marks
from livestream.voice_notes import check_voice
from registry.demo_roster import DEMO_PERSON
from registry.models import Consent, Person, User
from registry.queries.consent import current_consent_text, has_been_asked
from registry.queries.people import person_by_id_number
from registry.services import give_consent

SPACE = uuid.UUID("6f0d5a0e-5b0e-4f5b-9f5e-2c8a43112525")
COACH = "coach"  # her user name
CUT_BEFORE = 3  # the first attempt loses the network between these segments
CUT_SECONDS = 12
_PIECE = 256 * 1024


def load_rehearsals(now: datetime | None = None) -> int:
    """Let the demo's trainee rehearse twice, and a coach review the first; return how many were told.

    The recordings are made here and now, without a worker.
    """
    now = now or timezone.now()
    person = person_by_id_number(DEMO_PERSON.id_number)
    coach = User.objects.filter(username=COACH).first()
    if person is None or coach is None:
        return 0
    _agree(person, coach, now - timedelta(days=9))
    run = _run(person, now - timedelta(days=8))
    told = 0
    looks_back = (story.REFLECTION, story.SECOND_REFLECTION)
    for number, (voice, days, words) in enumerate(zip(story.voices(), (6, 1), looks_back, strict=True)):
        begun = now - timedelta(days=days)
        session = LiveSession.objects.filter(person=person, client_token=_token(f"attempt-{number}")).first()
        if session is None or not session.is_watchable:
            if session is None:
                _write_script(run, number, begun - timedelta(hours=1))
            session = _rehearse(person, run, voice, number, begun)
            told += 1
        asked = begun + timedelta(minutes=20)
        ask_for_review(
            session=session,
            went_well=words["went_well"],
            was_hard=words["was_hard"],
            watch_for=words["watch_for"],
            now=asked,
        )
        if number == 0 and last_given(session, coach) is None:
            _review(session, voice, coach, asked + timedelta(hours=20))
    return told


def _token(name: str) -> uuid.UUID:
    return uuid.uuid5(SPACE, name)


def _agree(person: Person, coach: User, now: datetime) -> None:
    """Let her agree, before two witnesses, to being recorded and to fellow trainees watching."""
    if has_been_asked(person):
        return
    give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=[Consent.Item.RECORD_REHEARSAL, Consent.Item.PEERS_WATCH],
        channel=Consent.Channel.ORAL,
        recorded_by=coach,
        witnesses=("示例 站长", "示例 镇干部"),
        now=now,
    )


def _run(person: Person, now: datetime) -> RunOfShow:
    """Write the run-of-show; as it is now if there is one, whoever changed it."""
    token = _token("run")
    known = RunOfShow.objects.filter(person=person, client_token=token).first()
    if known:
        return known
    run = start_run(person=person, blueprint=BLUEPRINTS["loop"], client_token=token, now=now)
    rename_run(run=run, title="核桃一分钟", now=now)
    sheet = run_sheet(run)
    card = sheet.products[0]
    values = {**story.PRODUCT, "price": Decimal(story.PRODUCT["price"])}
    save_product(run=run, key=card.key, values=values, now=now)
    return run


def _write_script(run: RunOfShow, number: int, now: datetime) -> None:
    """Write what she is going to say in this attempt; after the first one that is a new version."""
    sheet = run_sheet(run)
    card = sheet.products[0]
    for line, (kind, seconds, cue), said in zip(sheet.lines, story.SEGMENTS, story.SAID[number], strict=True):
        values = {
            "kind": kind,
            "planned_seconds": seconds,
            "script": said.replace(story.SILENCE, ""),
            "cue": cue,
            "product": card.key,
        }
        save_segment(run=run, key=line.segment.key, values=values, now=now)


def _rehearse(
    person: Person, run: RunOfShow, voice: story.Voice, number: int, begun: datetime
) -> LiveSession:
    """Record an attempt: the first in two parts with a gap between them, the second in one."""
    session = start_rehearsal(person=person, run=run, client_token=_token(f"attempt-{number}"), now=begun)
    count = len(voice.starts)
    stretches = [(0, CUT_BEFORE), (CUT_BEFORE, count)] if number == 0 else [(0, count)]
    declared = []
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        for part, (first, last) in enumerate(stretches):
            film = make_film(voice, first, last, Path(folder) / f"{part}.webm")
            wall_start = begun + timedelta(seconds=voice.starts[first] + part * CUT_SECONDS)
            declared.append(_send(session, part, film.read_bytes(), wall_start))
    session.refresh_from_db()
    turns = zip(_keys(session), _moments(session, voice, begun), strict=True)
    note_marks(session=session, marks=[Mark(RoomMark.Kind.SEGMENT, str(key), at) for key, at in turns])
    ended = begun + timedelta(seconds=voice.seconds + (len(stretches) - 1) * CUT_SECONDS)
    finish(session=session, parts=declared, now=ended)
    build_recording(build=RecordingBuild.objects.get(session=session))
    analyse_recording(analysis=Analysis.objects.get(session=session))
    session.refresh_from_db()
    return session


def _send(session: LiveSession, number: int, content: bytes, wall_start: datetime) -> Declared:
    pieces = [content[at : at + _PIECE] for at in range(0, len(content), _PIECE)]
    for seq, body in enumerate(pieces):
        digest = hashlib.sha256(body).hexdigest()
        chunk = Chunk(number, seq, digest, body, wall_start=wall_start, mime="video/webm")
        take_chunk(session=session, chunk=chunk, now=wall_start)
    return Declared(number, len(pieces), wall_start=wall_start)


def _keys(session: LiveSession) -> Sequence[uuid.UUID]:
    version = session.run_version
    return [segment.key for segment in version.segments.order_by("position")] if version else []


def _moments(session: LiveSession, voice: story.Voice, begun: datetime) -> list[datetime]:
    """Return when each segment began by the clock: those after a cut later by its length."""
    late = CUT_SECONDS if session.parts.count() > 1 else 0
    return [
        begun + timedelta(seconds=start + (late if position >= CUT_BEFORE else 0))
        for position, start in enumerate(voice.starts)
    ]


def _review(session: LiveSession, voice: story.Voice, coach: User, now: datetime) -> None:
    """Let the coach remark and mark, and the trainee settle a part of it."""
    begun = session.started_at or session.created_at
    moments = _moments(session, voice, begun)
    draft = take_rehearsal(session=session, marker=coach, now=now)
    remarks = []
    for number, each in enumerate(story.REMARKS):
        with story.COACH_NOTE.open("rb") as note:
            note_kept = check_voice(note) if each.is_voice else None
        remark = add_remark(
            session=session,
            author=coach,
            role="coach",
            client_token=_token(f"remark-{number}"),
            pressed_at=moments[each.segment] + timedelta(seconds=each.after),
            said=Said(text=each.text, voice=note_kept, line_key=each.line, seconds=each.seconds),
            lead=timedelta(0),
            now=now,
        )
        remarks.append((remark, each))
    give_review(review=draft, levels=story.LEVELS, comment=story.COMMENT, now=now)
    for remark, each in remarks:
        remark.refresh_from_db()
        later = now + timedelta(hours=3)
        if each.is_settled:
            settle_remark(remark=remark, is_settled=True, now=later)
