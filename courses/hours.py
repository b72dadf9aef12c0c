"""Class hours (R1), the cap of a day (E22) and completion (R4). Pure calculation, no database."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

MINUTES_OF_AN_HOUR = 45
MINUTES_A_DAY = 360  # E22: at most 8 class hours a person and day
SHARE_OF_PLAN = 80  # R4, percent
PASS_MARK = 60  # R4


def minutes_of(hours: Decimal) -> int:
    """Return the minutes of `hours` class hours, to the nearest minute."""
    return int((hours * MINUTES_OF_AN_HOUR).quantize(Decimal(1), ROUND_HALF_UP))


def hours_of_minutes(minutes: int | Decimal) -> Decimal:
    """Return class hours with two decimals (R1), rounded down: nobody is rounded up over a threshold."""
    return (Decimal(minutes) / MINUTES_OF_AN_HOUR).quantize(Decimal("0.01"), ROUND_FLOOR)


def shown_hours(hours: Decimal) -> Decimal:
    """Return `hours` floored to half an hour, as people see them (R1)."""
    halves = (hours * 2).quantize(Decimal(1), ROUND_FLOOR)
    return (halves / 2).quantize(Decimal("0.1"))


def minutes_to_earn(*, lesson: int, earned: int, today: int) -> int:
    """Return what may be earned now of a lesson of `lesson` minutes, `earned` of them before.

    `today` is what the person earned today over all classes; the day's cap cuts off the rest (E22).
    """
    return max(0, min(lesson - earned, MINUTES_A_DAY - today))


def is_complete(
    minutes: int | Decimal, plan_hours: Decimal, practical: Decimal | None, red_line: bool
) -> bool:
    """Say whether R4 holds: hours >= 80.0 % of plan, practical >= 60, no red line. Exact, nothing rounded.

    `practical` is None while a graded task has no mark.
    """
    has_hours = Decimal(minutes) * 100 >= plan_hours * MINUTES_OF_AN_HOUR * SHARE_OF_PLAN
    return has_hours and practical is not None and practical >= PASS_MARK and not red_line
