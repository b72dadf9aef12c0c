from decimal import Decimal

import pytest

from livestream.judging import Marking, judge


def markings(*marks, red=()):
    return [Marking(Decimal(mark), number in red) for number, mark in enumerate(marks)]


def test_nobody_has_marked_yet():
    verdict = judge([])

    assert (verdict.mark, verdict.missing, verdict.is_final, verdict.is_passed) == (None, 2, False, False)


def test_practice_takes_one_coach():
    verdict = judge(markings("72.5"), wanted=1)

    assert (verdict.mark, verdict.is_final, verdict.is_passed) == (Decimal("72.50"), True, True)


def test_test_waits_for_the_second_coach():
    verdict = judge(markings("72.5"))

    assert (verdict.mark, verdict.missing, verdict.is_passed) == (Decimal("72.50"), 1, False)


@pytest.mark.parametrize(
    ("marks", "mark", "missing"),
    [
        (["60", "75"], "67.50", 0),  # 15 apart is not more than 15
        (["60", "75.01"], "67.51", 1),
        (["60", "76", "61"], "61.00", 0),  # median of three
        (["0", "100", "59.99"], "59.99", 0),
    ],
)
def test_third_coach_marks_when_two_differ_by_more_than_fifteen(marks, mark, missing):
    verdict = judge(markings(*marks))

    assert (verdict.mark, verdict.missing) == (Decimal(mark), missing)


@pytest.mark.parametrize(("mark", "is_passed"), [("60", True), ("59.99", False)])
def test_sixty_passes(mark, is_passed):
    assert judge(markings(mark, mark)).is_passed is is_passed


def test_red_line_fails_whatever_the_mark():
    verdict = judge(markings("95", "90", red={0, 1}))

    assert (verdict.is_final, verdict.has_red_line, verdict.is_passed) == (True, True, False)


def test_disagreement_on_a_red_line_asks_a_third_coach():
    assert judge(markings("80", "82", red={1})).missing == 1
    assert judge(markings("80", "82", "81", red={1})).is_passed is True
    assert judge(markings("80", "82", "81", red={1, 2})).is_passed is False


def test_practice_marked_twice_is_judged_alike():
    assert judge(markings("40", "60"), wanted=1).missing == 1
