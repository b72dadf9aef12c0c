"""Everything the page of a live class shows, for its template and for its script."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from livestream.models import LiveClass
from livestream.queries.live_class import (
    CheckResult,
    ShownMessage,
    current_check,
    has_raised_hand,
    mode_of,
    open_hands,
    shown_messages,
)
from livestream.queries.viewers import Attended, attended, present_now
from registry.models import Person

CANCELLED, BEFORE, WAITING, LIVE, OVER = "cancelled", "before", "waiting", "live", "over"


@dataclass(frozen=True)
class ClassPage:
    """One moment of a live class as one visitor sees it."""

    state: str
    messages: list[ShownMessage]
    check: CheckResult | None
    has_hand_up: bool
    hand_count: int
    present: int
    own: Attended | None

    @property
    def is_open(self) -> bool:
        """Whether people may write and raise their hands."""
        return self.state in {WAITING, LIVE}


def state_of(live_class: LiveClass, now: datetime) -> str:
    """Return where the class stands: cancelled, before, waiting, live or over."""
    if live_class.is_cancelled:
        return CANCELLED
    if live_class.session.is_over:
        return OVER
    if live_class.session.started_at is not None:
        return LIVE
    return WAITING if live_class.is_open(now) else BEFORE


def class_page(live_class: LiveClass, person: Person | None, now: datetime) -> ClassPage:
    """Return the class as `person` sees it; without one, as somebody beside it does."""
    state = state_of(live_class, now)
    is_open = state in {WAITING, LIVE}
    return ClassPage(
        state=state,
        messages=shown_messages(live_class, None if state == OVER else 60),
        check=current_check(live_class, person),
        has_hand_up=is_open and has_raised_hand(live_class, person),
        hand_count=open_hands(live_class).count() if is_open else 0,
        present=present_now(live_class, now) if is_open else 0,
        own=_own(live_class, person, now) if state == OVER else None,
    )


def snapshot(live_class: LiveClass, person: Person | None, now: datetime) -> dict[str, Any]:
    """Return the same for the page's script, when it missed too much to be told event by event."""
    page = class_page(live_class, person, now)
    check = page.check
    return {
        "state": page.state,
        "picture": page.state == LIVE and live_class.session.parts.exists(),
        "messages": [message.as_event() for message in page.messages],
        "mode": mode_of(live_class),
        "check": {**check.as_event(), "own": check.own_choice} if check else None,
        "hands": page.hand_count,
        "raised": page.has_hand_up,
        "present": page.present,
    }


def _own(live_class: LiveClass, person: Person | None, now: datetime) -> Attended | None:
    if person is None:
        return None
    root = person.kept_as_id or person.pk
    return next((each for each in attended(live_class, now) if each.person.pk == root), None)
