from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.counting import CountRow, month_after, months_between, parse_month, share, share_text


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (46, 100, "46.0 %"),
        (30, 80, "37.5 %"),
        (1, 8, "12.5 %"),
        (1, 16, "6.3 %"),
        (1, 3, "33.3 %"),
        (5, 5, "100.0 %"),
        (0, 7, "0.0 %"),
        (0, 0, "—"),
    ],
)
def test_share_has_one_decimal_half_up(part, whole, expected):
    assert share_text(share(part, whole)) == expected


def test_e11_share_is_given_by_person_times_and_by_heads():
    row = CountRow(share_person_times=100, share_poor_person_times=46, share_heads=80, share_poor_heads=30)

    assert row.poor_share_person_times == Decimal("46.0")
    assert row.poor_share_heads == Decimal("37.5")


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_share_is_within_half_a_tenth(part, whole):
    assert abs(share(part, whole) - Decimal(part) * 100 / whole) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("minutes", "hours", "shown"),
    [(1080, "24.00", "24"), (44, "0.98", "0.5"), (0, "0.00", "0"), (100, "2.22", "2")],
)
def test_hours_are_exact_and_shown_floored_to_the_half(minutes, hours, shown):
    row = CountRow(minutes=minutes)

    assert row.hours == Decimal(hours)
    assert row.hours_shown == Decimal(shown)


def test_months():
    assert parse_month("2026-03") == date(2026, 3, 1)
    assert month_after(date(2019, 12, 28)) == date(2020, 1, 1)
    assert months_between(date(2025, 11, 30), date(2026, 2, 1)) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-03", "2026-03-01", "x-y", "2026-٣x"])
def test_text_that_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the edges catch exactly this
        parse_month(text)
