"""A lesson's quiz and tasks as plain objects, read from the JSON of its body. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses import grading


@dataclass(frozen=True)
class Option:
    """One option of a question."""

    key: str
    text: str


@dataclass(frozen=True)
class QuizQuestion:
    """A question as shown, with its right answer and explanation."""

    key: str
    kind: str
    prompt: str
    options: tuple[Option, ...]
    answer: tuple[str, ...]
    explanation: str

    @property
    def for_scoring(self) -> grading.Question:
        """What grading needs of it."""
        return grading.Question(self.key, self.kind, self.answer)


@dataclass(frozen=True)
class Quiz:
    """The quiz of a lesson."""

    key: str
    title: str
    pass_mark: int
    questions: tuple[QuizQuestion, ...]

    def score(self, answers: Mapping[str, Sequence[str]]) -> grading.QuizScore:
        """Score `answers` (option keys by question key)."""
        return grading.score_quiz([q.for_scoring for q in self.questions], answers, self.pass_mark)


@dataclass(frozen=True)
class RubricRow:
    """One line of a rubric with the words for its levels 0-4."""

    key: str
    title: str
    weight: int
    descriptors: tuple[str, ...]
    red_line: str

    @property
    def for_marking(self) -> grading.RubricLine:
        """What grading needs of it."""
        return grading.RubricLine(self.key, self.weight, bool(self.red_line))


@dataclass(frozen=True)
class Task:
    """A practical task of a lesson; `instructions` is rich text as stored."""

    key: str
    title: str
    instructions: str
    accepts: tuple[str, ...]
    min_files: int
    max_files: int
    is_graded: bool
    rubric: tuple[RubricRow, ...]

    @property
    def accept_types(self) -> str:
        """The `accept` attribute of the file field."""
        return ",".join({"photo": "image/*", "video": "video/*"}[kind] for kind in self.accepts)


def quiz_of(body: Iterable[Any]) -> Quiz | None:
    """Return the quiz in `body` (a StreamValue's `raw_data`), if it has one."""
    return next((read_quiz(block["value"]) for block in body if block["type"] == "quiz"), None)


def tasks_of(body: Iterable[Any]) -> list[Task]:
    """Return the practical tasks in `body` (a StreamValue's `raw_data`)."""
    return [read_task(block["value"]) for block in body if block["type"] == "task"]


def read_quiz(value: Mapping[str, Any]) -> Quiz:
    """Read one quiz block."""
    questions = tuple(_read_question(question) for question in _items(value["questions"]))
    return Quiz(value["key"] or "quiz", value["title"], value["pass_mark"], questions)


def _read_question(value: Mapping[str, Any]) -> QuizQuestion:
    options = _items(value["options"])
    if value["kind"] == "order":
        answer = [option["key"] for option in sorted(options, key=lambda option: option["place"] or 0)]
    else:
        answer = [option["key"] for option in options if option["is_right"]]
    return QuizQuestion(
        key=value["key"],
        kind=value["kind"],
        prompt=value["prompt"],
        options=tuple(Option(option["key"], option["text"]) for option in options),
        answer=tuple(answer),
        explanation=value["explanation"],
    )


def read_task(value: Mapping[str, Any]) -> Task:
    """Read one practical task block."""
    return Task(
        key=value["key"] or "task",
        title=value["title"],
        instructions=value["instructions"],
        accepts=tuple(value["accepts"] or ["photo"]),
        min_files=value["min_files"],
        max_files=value["max_files"],
        is_graded=bool(value["is_graded"]),
        rubric=tuple(read_rubric_row(row) for row in _items(value["rubric"])),
    )


def read_rubric_row(row: Mapping[str, Any]) -> RubricRow:
    """Read one line of a rubric, from a block or from the copy an assessment keeps."""
    descriptors = tuple(_items(row["descriptors"]))
    return RubricRow(row["key"], row["title"], row["weight"], descriptors, row["red_line"] or "")


def _items(values: Sequence[Any]) -> list[Any]:
    """Unwrap a list block: its items are stored as {"type": "item", "value": …}."""
    return [
        item["value"] if isinstance(item, Mapping) and item.get("type") == "item" else item for item in values
    ]
