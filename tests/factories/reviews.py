"""Rehearsals that were recorded, asked about and reviewed."""

import io
import itertools
import uuid
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from livestream.blueprints import BLUEPRINTS
from livestream.demo.story import COACH_NOTE
from livestream.models import LiveSession, MediaPart, RoomMark
from livestream.queries import run_sheet
from livestream.services import start_rehearsal, start_run
from livestream.services.remarks import Said, add_remark
from livestream.services.reviews import ask_for_review, give_review, take_rehearsal
from registry.models import Appointment
from tests.factories.courses import at, make_county, make_region, make_user

WORDS = {"went_well": "砸核桃", "was_hard": "量尺寸"}
BEGAN = at("2026-03-05")
LEVELS = {"product": 3, "loop": 3, "interaction": 3, "voice": 3, "compliance": 3, "technique": 3}  # 75
_places = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
_seconds = itertools.count(1)


def make_coach(code="431125", name="教练甲"):
    """Make somebody appointed coach of the place `code`."""
    make_county()
    place = make_region(code, "别处", _places[len(code)])
    user = make_user(name)
    since = DateRange(at("2020-01-01").date(), None)
    Appointment.objects.create(user=user, role="coach", region=place.region, valid=since)
    return user


def make_rehearsal(person, run=None, *, parts=((0, 300),), state=LiveSession.State.PUBLISHED, begun=BEGAN):
    """Make a recorded rehearsal; `parts` are seconds after its beginning and lengths, gaps between them."""
    run = run or start_run(person=person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4())
    session = start_rehearsal(person=person, run=run, client_token=uuid.uuid4(), now=begun)
    media = 0.0
    for number, (after, seconds) in enumerate(parts):
        MediaPart.objects.create(
            session=session,
            number=number,
            wall_start=begun + timedelta(seconds=after),
            media_start=media,
            seconds=seconds,
        )
        media += seconds
    is_over = state not in {LiveSession.State.LIVE, LiveSession.State.INTERRUPTED}
    last = parts[-1][0] + parts[-1][1]
    session.state, session.started_at = state, begun
    session.ended_at = begun + timedelta(seconds=last) if is_over else None
    session.end_reason = LiveSession.End.HOST if is_over else ""
    session.save()
    return session


def mark_segments(session, starts):
    """Mark that the host turned to her segments at these seconds after the beginning."""
    lines = run_sheet(session.run, session.run_version.number).lines
    for line, start in zip(lines, starts, strict=False):
        RoomMark.objects.create(
            session=session,
            kind=RoomMark.Kind.SEGMENT,
            key=str(line.segment.key),
            at=session.started_at + timedelta(seconds=start),
        )
    return [line.segment.key for line in lines]


def ask(session, **fields):
    """Ask for a review of a rehearsal."""
    return ask_for_review(session=session, **(WORDS | fields))


def give(session, coach, levels=None, **fields):
    """Have a coach take a rehearsal and give her review."""
    draft = take_rehearsal(session=session, marker=coach)
    return give_review(review=draft, levels=levels or LEVELS, **fields)


def remark(session, author, after=10.0, text="说慢一点", role="coach", **fields):
    """Remark on what was to be seen `after` seconds on the clock."""
    return add_remark(
        session=session,
        author=author,
        role=role,
        client_token=fields.pop("client_token", None) or uuid.uuid4(),
        pressed_at=session.started_at + timedelta(seconds=after),
        said=Said(text=text, **fields),
        lead=timedelta(0),
    )


def voice_note():
    """Return a short synthetic voice as a phone's browser records it."""
    return io.BytesIO(COACH_NOTE.read_bytes())
