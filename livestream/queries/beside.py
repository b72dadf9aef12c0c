"""One attempt beside the one before: the same segment of both, the old remarks beside the new clip."""

from dataclasses import dataclass, field

from livestream.models import LiveSession, RunSegment
from livestream.queries.recordings import PlacedRemark, Recording, recording_of, remarks_for_host
from livestream.queries.segments import PlayedSegment


@dataclass(frozen=True)
class Pair:
    """A segment in both attempts; either may lack it."""

    segment: RunSegment
    now: PlayedSegment | None
    before: PlayedSegment | None
    old_remarks: list[PlacedRemark] = field(default_factory=list)
    new_remarks: list[PlacedRemark] = field(default_factory=list)


def beside(session: LiveSession, previous: LiveSession) -> list[Pair]:
    """Return the segments of the newer attempt in their order, then those only the older one had."""
    now, before = (
        recording_of(session, remarks_for_host(session)),
        recording_of(previous, remarks_for_host(previous)),
    )
    segments = {each.key: each for each in [*before.segments, *now.segments]}
    ordered = [each.key for each in now.segments]
    ordered += [each.key for each in before.segments if each.key not in set(ordered)]
    first_now, first_before = _first_turns(now), _first_turns(before)
    pairs = [
        Pair(
            segments[key],
            first_now.get(key),
            first_before.get(key),
            [each for each in before.remarks if each.remark.segment_key == key],
            [each for each in now.remarks if each.remark.segment_key == key],
        )
        for key in ordered
    ]
    return [pair for pair in pairs if pair.now or pair.before]


def _first_turns(recording: Recording) -> dict[object, PlayedSegment]:
    """Return the first turn to every segment."""
    turns: dict[object, PlayedSegment] = {}
    for turn in recording.played:
        turns.setdefault(turn.key, turn)
    return turns
