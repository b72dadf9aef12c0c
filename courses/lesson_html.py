"""A lesson's body in the parts a page shows: finished HTML, and the quiz and tasks as objects too."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from wagtail.blocks import StreamValue

from courses.lesson_parts import Quiz, QuizQuestion, Task, read_quiz, read_task


@dataclass(frozen=True)
class Part:
    """One block of a lesson: `html` is what everybody sees of it, of a `quiz` its open questions."""

    kind: str
    html: str = ""
    quiz: Quiz | None = None
    task: Task | None = None


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
    """Render every block of `body`; a page adds what is personal around quizzes and below tasks."""
    return [_part(child) for child in body]


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
        quiz = read_quiz(child.get_prep_value()["value"])
        return Part("quiz", render_to_string("courses/blocks/_questions.html", {"quiz": quiz}), quiz=quiz)
    if child.block_type == "task":
        task = read_task(child.get_prep_value()["value"])
        return Part("task", render_to_string("courses/blocks/_assignment.html", {"task": task}), task=task)
    return Part(child.block_type, html=str(child.render()))
