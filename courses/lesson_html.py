"""A lesson's body in the parts a page shows: finished HTML, and the quiz and tasks as objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from wagtail.blocks import StreamValue

from courses.lesson_parts import Quiz, QuizQuestion, read_quiz, read_task

# The rendered body depends on the revision only; a picture replaced in place shows up after this long.
CACHE_SECONDS = 600


@dataclass(frozen=True)
class Part:
    """One block of a lesson: `html`, or a `quiz`, or a `task`, which a page may exchange for its own."""

    kind: str
    html: str = ""
    quiz: Any = None
    task: Any = None


@dataclass(frozen=True)
class ShownOption:
    """One option with what was answered: chosen or not, right or not, and its place in an order."""

    key: str
    text: str
    is_chosen: bool
    is_right: bool


@dataclass(frozen=True)
class ShownQuestion:
    """A question after it was answered."""

    question: QuizQuestion
    options: tuple[ShownOption, ...]
    is_right: bool


def parts_of(body: StreamValue) -> list[Part]:
    """Render every block of `body`, except that quizzes and tasks come as plain objects."""
    return [_part(child) for child in body]


def cached_parts_of(lesson: Any) -> list[Part]:
    """Return `parts_of` a published lesson page, rendered once per revision and a few minutes."""
    stamp = lesson.last_published_at.timestamp() if lesson.last_published_at else 0
    key = f"lesson-parts:{lesson.pk}:{lesson.live_revision_id}:{stamp}"
    parts: list[Part] | None = cache.get(key)
    if parts is None:
        parts = parts_of(lesson.body)
        cache.set(key, parts, CACHE_SECONDS)
    return parts


def answered(quiz: Quiz, answers: dict[str, Sequence[str]], right: frozenset[str]) -> list[ShownQuestion]:
    """Return the questions of `quiz` with what was answered; an order is shown as it was given."""
    return [_answered(question, answers.get(question.key, []), right) for question in quiz.questions]


def _answered(question: QuizQuestion, given: Sequence[str], right: frozenset[str]) -> ShownQuestion:
    options = list(question.options)
    if question.kind == "order":
        options.sort(key=lambda option: given.index(option.key) if option.key in given else len(given))
    shown = [
        ShownOption(option.key, option.text, option.key in given, _is_right(question, option.key, place))
        for place, option in enumerate(options)
    ]
    return ShownQuestion(question, tuple(shown), question.key in right)


def _is_right(question: QuizQuestion, key: str, place: int) -> bool:
    if question.kind == "order":
        return question.answer[place : place + 1] == (key,)
    return key in question.answer


def _part(child: StreamValue.StreamChild) -> Part:
    if child.block_type == "quiz":
        return Part("quiz", quiz=read_quiz(child.get_prep_value()["value"]))
    if child.block_type == "task":
        return Part("task", task=read_task(child.get_prep_value()["value"]))
    return Part(child.block_type, html=str(child.render()))
