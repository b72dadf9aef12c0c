"""Quizzes and practical tasks. Keys an editor leaves empty are filled in, so that answers stay attached."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.prose import PROSE_FEATURES

KEY = r"^[a-z0-9-]{1,40}$"


def key_block() -> blocks.RegexBlock:
    """Return the field for a key that editors may leave empty."""
    return blocks.RegexBlock(
        KEY,
        label=_("key"),
        required=False,
        help_text=_("Left empty, it is filled in. Do not change it once trainees have answered."),
    )


def fill_keys(values: Sequence[Any], names: Sequence[str]) -> None:
    """Give every value without a `key` the first of `names` that none of the others has."""
    taken = {value["key"] for value in values if value["key"]}
    free = (name for name in names if name not in taken)
    for value in values:
        if not value["key"]:
            value["key"] = next(free)


def numbered(stem: str, count: int) -> list[str]:
    """Return `count` names: stem1, stem2, …"""
    return [f"{stem}{number}" for number in range(1, count + 1)]


def refuse_repeated_keys(values: Sequence[Any], field: str) -> None:
    """Raise a validation error on `field` when two values have the same key."""
    keys = [value["key"] for value in values]
    if len(set(keys)) != len(keys):
        raise StructBlockValidationError({field: ValidationError(_("Two of them have the same key."))})


class OptionBlock(blocks.StructBlock):
    """One option of a question; `place` is its place in the right order where the question asks for one."""

    key = key_block()
    text = blocks.CharBlock(label=_("text"), max_length=200)
    is_right = blocks.BooleanBlock(label=_("right"), required=False)
    place = blocks.IntegerBlock(label=_("place in the right order"), required=False, min_value=1)


class QuestionBlock(blocks.StructBlock):
    """One question of a quiz, with the explanation shown afterwards."""

    key = key_block()
    kind = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[
            ("single", _("one right answer")),
            ("multiple", _("several right answers")),
            ("boolean", _("true or false")),
            ("order", _("put in order")),
        ],
    )
    prompt = blocks.CharBlock(label=_("question"), max_length=400)
    options = blocks.ListBlock(OptionBlock(), label=_("options"), min_num=2)
    explanation = blocks.CharBlock(label=_("explanation"), max_length=500)

    def clean(self, value: Mapping[str, Any]) -> Any:
        """Check that the options fit the kind: so many right ones, or places 1, 2, 3 …"""
        cleaned = super().clean(value)
        options: ListValue = cleaned["options"]
        fill_keys(options, numbered("o", 2 * len(options)))
        refuse_repeated_keys(options, "options")
        problem = _problem_with(cleaned["kind"], options)
        if problem:
            raise StructBlockValidationError({"options": ValidationError(problem)})
        return cleaned


def _problem_with(kind: str, options: Sequence[Any]) -> Any:
    """Return why `options` do not fit a question of `kind`, or an empty text."""
    right = sum(1 for option in options if option["is_right"])
    if kind == "order":
        places = sorted(option["place"] or 0 for option in options)
        return (
            "" if places == list(range(1, len(options) + 1)) else _("Give the options the places 1, 2, 3 …")
        )
    if kind == "multiple":
        return "" if right else _("Tick at least one right option.")
    if kind == "boolean" and len(options) != 2:
        return _("Give two options: true and false.")
    return "" if right == 1 else _("Tick exactly one right option.")


class QuizBlock(blocks.StructBlock):
    """A quiz with a pass mark; passing it completes the lesson."""

    key = key_block()
    title = blocks.CharBlock(label=_("title"), max_length=120)
    pass_mark = blocks.IntegerBlock(label=_("pass mark, percent"), min_value=1, max_value=100, default=60)
    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"))

    class Meta:
        icon = "help"
        label = _("quiz")

    def clean(self, value: Mapping[str, Any]) -> Any:
        """Fill in missing keys and refuse repeated ones."""
        cleaned = super().clean(value)
        cleaned["key"] = cleaned["key"] or "quiz"
        fill_keys(cleaned["questions"], numbered("q", 2 * len(cleaned["questions"])))
        refuse_repeated_keys(cleaned["questions"], "questions")
        return cleaned


class RubricLineBlock(blocks.StructBlock):
    """One line of a rubric, 0-4 points by descriptors, scaled to its weight."""

    key = key_block()
    title = blocks.CharBlock(label=_("title"), max_length=80)
    weight = blocks.IntegerBlock(label=_("weight"), min_value=1, max_value=100)
    descriptors = blocks.ListBlock(
        blocks.CharBlock(max_length=200), label=_("what 0 to 4 look like"), min_num=5, max_num=5
    )
    red_line = blocks.CharBlock(label=_("red line that fails the work"), max_length=200, required=False)


class TaskBlock(blocks.StructBlock):
    """Practical work to hand in as photos or video, marked against a rubric."""

    key = key_block()
    title = blocks.CharBlock(label=_("title"), max_length=120)
    instructions = blocks.RichTextBlock(label=_("instructions"), features=PROSE_FEATURES)
    accepts = blocks.MultipleChoiceBlock(
        label=_("accepts"), choices=[("photo", _("photos")), ("video", _("video"))]
    )
    min_files = blocks.IntegerBlock(label=_("at least"), min_value=1, max_value=20, default=1)
    max_files = blocks.IntegerBlock(label=_("at most"), min_value=1, max_value=20, default=6)
    is_graded = blocks.BooleanBlock(
        label=_("final practical"),
        help_text=_("Its mark decides whether the practical is passed (R4)."),
        required=False,
    )
    rubric = blocks.ListBlock(RubricLineBlock(), label=_("rubric"), min_num=1)

    class Meta:
        icon = "clipboard-list"
        label = _("practical task")

    def clean(self, value: Mapping[str, Any]) -> Any:
        """Fill in missing keys; refuse repeated ones, and more files asked for than taken."""
        cleaned = super().clean(value)
        cleaned["key"] = cleaned["key"] or "task"
        fill_keys(cleaned["rubric"], numbered("r", 2 * len(cleaned["rubric"])))
        refuse_repeated_keys(cleaned["rubric"], "rubric")
        if cleaned["min_files"] > cleaned["max_files"]:
            raise StructBlockValidationError(
                {"max_files": ValidationError(_("This must not be less than “at least”."))}
            )
        return cleaned
