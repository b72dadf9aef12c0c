from decimal import Decimal

import pytest

from courses.grading import Question, RubricLine, mark_work, score_quiz

SINGLE = Question("q1", "single", ("b",))
MULTIPLE = Question("q2", "multiple", ("a", "c"))
BOOLEAN = Question("q3", "boolean", ("false",))
ORDER = Question("q4", "order", ("c", "a", "b"))
ALL = [SINGLE, MULTIPLE, BOOLEAN, ORDER]
RUBRIC = [RubricLine("protection", 30), RubricLine("label", 25, has_red_line=True), RubricLine("look", 45)]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (SINGLE, ["b"], True),
        (SINGLE, ["a"], False),
        (SINGLE, [], False),
        (SINGLE, ["a", "b"], False),
        (MULTIPLE, ["c", "a"], True),
        (MULTIPLE, ["a"], False),
        (MULTIPLE, ["a", "b", "c"], False),
        (MULTIPLE, ["a", "a", "c"], False),
        (BOOLEAN, ["false"], True),
        (BOOLEAN, ["true"], False),
        (ORDER, ["c", "a", "b"], True),
        (ORDER, ["a", "b", "c"], False),
        (ORDER, ["c", "a"], False),
    ],
)
def test_score_quiz_judges_each_kind(question, answer, expected):
    score = score_quiz([question], {question.key: answer}, 100)

    assert score.is_passed is expected
    assert score.right == (frozenset({question.key}) if expected else frozenset())


def test_score_quiz_counts_right_questions():
    score = score_quiz(ALL, {"q1": ["b"], "q2": ["a", "c"], "q3": ["true"], "other": ["x"]}, 60)

    assert score.percent == Decimal("50.00")
    assert not score.is_passed
    assert score.right == {"q1", "q2"}


def test_score_quiz_passes_at_the_exact_mark():
    three = [SINGLE, MULTIPLE, BOOLEAN]

    score = score_quiz(three, {"q1": ["b"], "q2": ["a", "c"]}, 67)

    assert score.percent == Decimal("66.67")
    assert not score.is_passed  # two thirds are less than 67 percent, however they are rounded


def test_score_quiz_without_questions_is_passed():
    assert score_quiz([], {}, 60).is_passed


@pytest.mark.parametrize(
    ("levels", "mark"),
    [((4, 4, 4), "100.00"), ((0, 0, 0), "0.00"), ((3, 2, 1), "46.25"), ((1, 1, 2), "36.25")],
)
def test_mark_work_scales_levels_to_weights(levels, mark):
    judged = mark_work(RUBRIC, dict(zip(["protection", "label", "look"], levels, strict=True)))

    assert judged.mark == Decimal(mark)
    assert not judged.has_red_line


def test_mark_work_scales_weights_that_do_not_add_up():
    assert mark_work([RubricLine("a", 1), RubricLine("b", 2)], {"a": 4, "b": 0}).mark == Decimal("33.33")


def test_mark_work_red_line_counts_only_where_there_is_one():
    levels = {"protection": 4, "label": 4, "look": 4}

    assert mark_work(RUBRIC, levels, frozenset({"label"})).has_red_line
    assert not mark_work(RUBRIC, levels, frozenset({"look"})).has_red_line


@pytest.mark.parametrize("levels", [{}, {"protection": 5, "label": 1, "look": 1}, {"protection": -1}])
def test_mark_work_without_a_level_for_every_line(levels):
    with pytest.raises(ValueError, match="level"):
        mark_work(RUBRIC, levels)
