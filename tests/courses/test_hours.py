from decimal import Decimal

import pytest

from courses.hours import hours_of_minutes, is_complete, minutes_of, minutes_to_earn, shown_hours


@pytest.mark.parametrize(("hours", "minutes"), [("2", 90), ("0.25", 11), ("0.5", 23), ("19.2", 864)])
def test_minutes_of_class_hours(hours, minutes):
    assert minutes_of(Decimal(hours)) == minutes


@pytest.mark.parametrize(
    ("minutes", "hours", "shown"),
    [
        (0, "0.00", "0.0"),
        (45, "1.00", "1.0"),
        (100, "2.22", "2.0"),
        (863, "19.17", "19.0"),
        (1080, "24.00", "24.0"),
        (68, "1.51", "1.5"),
    ],
)
def test_hours_of_minutes_have_two_decimals_and_show_halves(minutes, hours, shown):
    assert hours_of_minutes(minutes) == Decimal(hours)
    assert shown_hours(hours_of_minutes(minutes)) == Decimal(shown)


@pytest.mark.parametrize(
    ("lesson", "earned", "today", "expected"),
    [(90, 0, 0, 90), (90, 90, 0, 0), (270, 0, 180, 180), (270, 180, 0, 90), (90, 0, 360, 0), (45, 90, 0, 0)],
)
def test_minutes_to_earn_stops_at_the_cap_of_the_day(lesson, earned, today, expected):
    assert minutes_to_earn(lesson=lesson, earned=earned, today=today) == expected


def test_e07_hours_decide_at_exactly_eighty_percent():
    plan, sixty = Decimal(24), Decimal(60)

    assert is_complete(Decimal("19.2") * 45, plan, sixty, red_line=False)
    assert not is_complete(Decimal("19.19") * 45, plan, sixty, red_line=False)
    assert is_complete(864, plan, sixty, red_line=False)
    assert not is_complete(863, plan, sixty, red_line=False)


@pytest.mark.parametrize(
    ("practical", "red_line"), [(Decimal("59.99"), False), (None, False), (Decimal(100), True)]
)
def test_is_complete_needs_the_practical_without_a_red_line(practical, red_line):
    assert not is_complete(2000, Decimal(24), practical, red_line)
