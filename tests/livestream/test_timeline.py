from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livestream.models import MediaPart
from livestream.timeline import holes, length, place_parts, stretches, vod_seconds, wall_time
from tests.factories.livestream import MORNING


def at(seconds: float):
    return MORNING + timedelta(seconds=seconds)


def parts_of(*stretches: tuple[float, float]) -> list[MediaPart]:
    """Parts given as (begins, seconds), placed."""
    placed = place_parts([(at(begins), seconds) for begins, seconds in stretches])
    return [
        MediaPart(wall_start=at(begins), seconds=seconds, media_start=start)
        for (begins, seconds), start in zip(stretches, placed, strict=True)
    ]


def test_parts_after_a_gap_follow_each_other_in_the_recording():
    assert place_parts([(at(0), 60), (at(100), 30), (at(131), 10)]) == [0, 60, 90]


def test_parts_that_overlap_are_shown_once():
    assert place_parts([(at(0), 60), (at(59.7), 30)]) == [0, 59.7]
    assert length(parts_of((0, 60), (59.7, 30))) == pytest.approx(89.7)


def test_clocks_that_disagree_by_minutes_are_not_believed():
    assert place_parts([(at(0), 60), (at(-300), 30), (at(20), 30)]) == [0, 60, 90]


def test_a_moment_is_found_before_and_after_a_gap():
    parts = parts_of((0, 60), (100, 30))

    assert vod_seconds(parts, at(10)) == 10
    assert vod_seconds(parts, at(60)) == 60
    assert vod_seconds(parts, at(80)) == 60
    assert vod_seconds(parts, at(110)) == 70
    assert vod_seconds(parts, at(-5)) == 0
    assert vod_seconds(parts, at(500)) == 90


def test_a_second_of_the_recording_tells_the_clock():
    parts = parts_of((0, 60), (100, 30))

    assert wall_time(parts, 0) == at(0)
    assert wall_time(parts, 59.5) == at(59.5)
    assert wall_time(parts, 60) == at(100)
    assert wall_time(parts, 200) == at(130)


def test_nothing_recorded_has_no_time():
    assert wall_time([], 3) is None
    assert vod_seconds([], at(3)) == 0
    assert length([]) == 0


def test_a_part_that_cannot_be_read_takes_no_time():
    parts = parts_of((0, 60), (100, 30))
    damaged = MediaPart(wall_start=at(61), seconds=30, media_start=None)

    assert vod_seconds([*parts, damaged], at(110)) == 70
    assert [(hole.wall_from, hole.wall_to, hole.at) for hole in holes([*parts, damaged])] == [
        (at(60), at(100), 60)
    ]


def test_turning_the_tape_is_no_gap():
    assert holes(parts_of((0, 60), (59.7, 30), (89.9, 10))) == []


@given(
    st.lists(st.tuples(st.floats(-0.5, 300), st.floats(1, 600)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_there_and_back_is_within_a_tenth_of_a_second(given_parts, share):
    begins, where = [], 0.0
    for pause, seconds in given_parts:
        begins.append((max(where + pause, 0), seconds))
        where = begins[-1][0] + seconds
    parts = parts_of(*begins)
    second = share * length(parts)

    moment = wall_time(parts, second)

    assert vod_seconds(parts, moment) == pytest.approx(second, abs=0.1)
    assert stretches(parts)[0].begins == 0
