"""Marks: of a quiz in percent, of practical work by a rubric. Pure calculation, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TOP_LEVEL = 4
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Question:
    """One question: its kind, and the option keys of the right answer (in order, for `order`)."""

    key: str
    kind: str
    answer: tuple[str, ...]


@dataclass(frozen=True)
class QuizScore:
    """How a sent-in quiz went: percent of right questions, passed or not, and which were right."""

    percent: Decimal
    is_passed: bool
    right: frozenset[str]


@dataclass(frozen=True)
class RubricLine:
    """One line of a rubric, judged at a level 0-4 and scaled to its weight."""

    key: str
    weight: int
    has_red_line: bool = False


@dataclass(frozen=True)
class WorkMark:
    """The mark of practical work, 0-100, and whether a red line was crossed."""

    mark: Decimal
    has_red_line: bool


def score_quiz(
    questions: Sequence[Question], answers: Mapping[str, Sequence[str]], pass_mark: int
) -> QuizScore:
    """Score `answers` (option keys by question key): a question is right as a whole or wrong.

    A quiz without questions is passed. Passing is decided before rounding.
    """
    right = frozenset(
        question.key for question in questions if is_right(question, answers.get(question.key, ()))
    )
    if not questions:
        return QuizScore(HUNDRED, True, right)
    is_passed = len(right) * 100 >= pass_mark * len(questions)
    percent = (HUNDRED * len(right) / len(questions)).quantize(CENT, ROUND_HALF_UP)
    return QuizScore(percent, is_passed, right)


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Say whether `answer` is right: the same order for `order`, else the same options."""
    if question.kind == "order":
        return tuple(answer) == question.answer
    return len(answer) == len(set(answer)) and set(answer) == set(question.answer)


def mark_work(
    rubric: Sequence[RubricLine], levels: Mapping[str, int], red_lines: frozenset[str] = frozenset()
) -> WorkMark:
    """Turn the level 0-4 of every line into a mark: the level's quarter of the line's weight, added up.

    The weights are scaled to 100 when they add up to something else. `red_lines` names the lines whose
    red line was crossed; it counts only on lines that have one.

    Raises ValueError when a line has no level, or one outside 0-4.
    """
    for line in rubric:
        level = levels.get(line.key)
        if level is None or not 0 <= level <= TOP_LEVEL:
            raise ValueError(f"{line.key}: a level from 0 to {TOP_LEVEL} is needed")
    total = sum(line.weight for line in rubric)
    points = sum(line.weight * levels[line.key] for line in rubric)
    mark = (HUNDRED * points / (TOP_LEVEL * total)) if total else Decimal(0)
    crossed = any(line.has_red_line and line.key in red_lines for line in rubric)
    return WorkMark(mark.quantize(CENT, ROUND_HALF_UP), crossed)
