from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from livestream.presence import LONGEST_SILENCE, is_gone, joined, minutes, within
from tests.factories.courses import at

NINE = at("2026-03-05", "09:00")


def span(first, last):
    return NINE + timedelta(minutes=first), NINE + timedelta(minutes=last)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([span(0, 45)], 45),
        ([span(0, 30), span(10, 45)], 45),  # two tabs
        ([span(0, 45), span(0, 45)], 45),
        ([span(10, 20), span(0, 45)], 45),
        ([span(0, 10), span(20, 30)], 20),
        ([span(0, 10), span(10, 20)], 20),
        ([span(0, 0.99)], 0),  # nobody is rounded up
    ],
)
def test_overlapping_times_count_once(spans, expected):
    assert minutes(spans) == expected


def test_times_outside_the_class_do_not_count():
    inside = within([span(-20, 10), span(40, 90), span(100, 110)], *span(0, 45))

    assert inside == [span(0, 10), span(40, 45)]


def test_who_is_silent_for_longer_than_two_minutes_was_away():
    assert not is_gone(NINE, NINE + LONGEST_SILENCE)
    assert is_gone(NINE, NINE + LONGEST_SILENCE + timedelta(seconds=1))


@given(some.lists(some.tuples(some.integers(0, 500), some.integers(0, 60)), max_size=12))
def test_joined_times_never_overlap_and_keep_every_moment(pairs):
    spans = [span(first, first + length) for first, length in pairs if length]

    result = joined(spans)

    assert all(first[1] < second[0] for first, second in pairwise(result))
    assert all(any(a <= first and last <= b for a, b in result) for first, last in spans)
