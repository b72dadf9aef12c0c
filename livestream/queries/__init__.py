"""Reads over run-of-show, rehearsals and their recordings."""

from livestream.queries.consent import (
    REHEARSAL_CONSENTS,
    has_taken_back_recording,
    may_record,
    may_show_in_public,
    peers_may_watch,
    rehearsal_consents,
)
from livestream.queries.room import (
    Question,
    Room,
    next_part_number,
    questions_of,
    rehearsal_of,
    rehearsals_of,
    reviewed_rehearsals_of,
    room_of,
    segment_starts,
)
from livestream.queries.run_of_show import RunSheet, SheetLine, run_of, run_sheet, runs_of

__all__ = [
    "REHEARSAL_CONSENTS",
    "Question",
    "Room",
    "RunSheet",
    "SheetLine",
    "has_taken_back_recording",
    "may_record",
    "may_show_in_public",
    "next_part_number",
    "peers_may_watch",
    "questions_of",
    "rehearsal_consents",
    "rehearsal_of",
    "rehearsals_of",
    "reviewed_rehearsals_of",
    "room_of",
    "run_of",
    "run_sheet",
    "runs_of",
    "segment_starts",
]
