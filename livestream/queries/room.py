"""The rehearsal room as its host and her coach read it."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst

from livestream.audience import AudienceLine, Moment, audience_for
from livestream.models import LiveSession, Review, ReviewRequest, RoomMark, TimelineComment
from livestream.queries.run_of_show import RunSheet, run_sheet
from registry.models import Person
from registry.queries.people import records_of


@dataclass(frozen=True)
class Room:
    """A rehearsal with the sheet it goes by and the audience it meets."""

    session: LiveSession
    sheet: RunSheet
    audience: list[AudienceLine]

    def plan(self) -> list[dict[str, Any]]:
        """Return the segments as the page's script needs them."""
        return [
            {
                "key": str(line.segment.key),
                "title": capfirst(line.segment.get_kind_display()),
                "starts": line.starts_at,
                "seconds": line.segment.planned_seconds,
                "cue": line.segment.cue,
                "script": line.segment.script,
                "product": str(line.segment.product.key) if line.segment.product else "",
            }
            for line in self.sheet.lines
        ]

    def remarks(self) -> list[dict[str, Any]]:
        """Return the audience as the page's script needs it."""
        return [asdict(line) for line in self.audience]


@dataclass(frozen=True, slots=True)
class Question:
    """A remark of the practice audience in a rehearsal, and when she answered it, if she did."""

    text: str
    kind: str
    asked_at: datetime
    answered_at: datetime | None


def rehearsals_of(person: Person) -> QuerySet[LiveSession]:
    """Return her rehearsals, newest first."""
    return (
        LiveSession.objects.filter(kind=LiveSession.Kind.REHEARSAL, person__in=records_of(person))
        .select_related("run", "run_version")
        .order_by("-created_at", "-pk")
    )


def reviewed_rehearsals_of(person: Person) -> QuerySet[LiveSession]:
    """Return the same, each with whether a review is asked for and given, and the remarks to settle."""
    given = Review.objects.filter(session=OuterRef("pk"), state=Review.State.GIVEN)
    to_settle = Q(remarks__state=TimelineComment.State.SHOWN, remarks__resolved_at__isnull=True)
    return rehearsals_of(person).annotate(
        is_asked=Exists(ReviewRequest.objects.filter(session=OuterRef("pk"))),
        is_reviewed=Exists(given),
        to_settle=Count("remarks", filter=to_settle),
    )


def rehearsal_of(person: Person, uid: uuid.UUID) -> LiveSession | None:
    """Return her rehearsal with its sheet; None for one that is not hers, without its sheet, or not there."""
    return rehearsals_of(person).filter(uid=uid, run__isnull=False, run_version__isnull=False).first()


def room_of(session: LiveSession, language: str) -> Room:
    """Return the room of a rehearsal; its sheet is the version it keeps. Raises ValueError without one."""
    if session.run is None or session.run_version is None:
        raise ValueError("The sheet of this rehearsal is no longer kept.")
    sheet = run_sheet(session.run, session.run_version.number)
    moments = [
        Moment(
            kind=line.segment.kind,
            starts_at=line.starts_at,
            seconds=line.segment.planned_seconds,
            product=line.segment.product.name if line.segment.product else "",
            price=_price(line.segment.product.price) if line.segment.product else "",
        )
        for line in sheet.lines
    ]
    return Room(session, sheet, audience_for(moments, attempt=session.attempt or 1, language=language))


def segment_starts(session: LiveSession) -> list[tuple[str, datetime]]:
    """Return the key of each segment and the moment she went on to it, in order; one may come twice."""
    marks = session.room_marks.filter(kind=RoomMark.Kind.SEGMENT).order_by("at", "pk")
    return [(mark.key, mark.at) for mark in marks]


def questions_of(session: LiveSession, language: str) -> list[Question]:
    """Return what the practice audience said in this rehearsal, in order."""
    lines = {line.key: line for line in room_of(session, language).audience}
    asked: dict[str, datetime] = {}
    answered: dict[str, datetime] = {}
    for mark in session.room_marks.exclude(kind=RoomMark.Kind.SEGMENT).order_by("at", "pk"):
        (asked if mark.kind == RoomMark.Kind.ASKED else answered).setdefault(mark.key, mark.at)
    return [
        Question(lines[key].text, lines[key].kind, at, answered.get(key))
        for key, at in asked.items()
        if key in lines
    ]


def next_part_number(session: LiveSession) -> int:
    """Return the first number no part of the session has."""
    last = session.parts.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1


def _price(price: Any) -> str:
    """Write a price without needless zeros: 29.9, 30."""
    return f"{price.normalize():f}" if price is not None else ""
