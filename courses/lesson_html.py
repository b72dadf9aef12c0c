"""A lesson's body in the parts a page shows: finished HTML, and the quiz and tasks as objects."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from wagtail.blocks import StreamValue

from courses.lesson_parts import Quiz, Task, read_quiz, read_task

# The rendered body depends on the revision only; a picture replaced in place shows up after this long.
CACHE_SECONDS = 600


@dataclass(frozen=True)
class Part:
    """One block of a lesson: `html`, or a `quiz`, or a `task`."""

    kind: str
    html: str = ""
    quiz: Quiz | None = None
    task: Task | None = None


def parts_of(body: StreamValue) -> list[Part]:
    """Render every block of `body`, except that quizzes and tasks come as plain objects."""
    return [_part(child) for child in body]


def cached_parts_of(lesson: Any) -> list[Part]:
    """Return `parts_of` a published lesson page, rendered once per revision and a few minutes."""
    key = f"lesson-parts:{lesson.pk}:{lesson.live_revision_id}:{lesson.latest_revision_created_at}"
    key = key.replace(" ", "_")
    parts: list[Part] | None = cache.get(key)
    if parts is None:
        parts = parts_of(lesson.body)
        cache.set(key, parts, CACHE_SECONDS)
    return parts


def _part(child: StreamValue.StreamChild) -> Part:
    if child.block_type == "quiz":
        return Part("quiz", quiz=read_quiz(child.get_prep_value()["value"]))
    if child.block_type == "task":
        return Part("task", task=read_task(child.get_prep_value()["value"]))
    return Part(child.block_type, html=str(child.render()))
