"""Forms of trainees, markers and editors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.lesson_parts import Quiz, QuizQuestion, Task
from courses.models import Course, LessonVideo
from courses.services import request_renditions


class QuizForm(forms.Form):
    """The answers to a quiz; every question needs one."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, quiz: Quiz, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quiz = quiz

    def clean(self) -> dict[str, Any]:
        """Read the answers by question: option keys, for an order by the numbers given to them."""
        cleaned = super().clean() or {}
        answers = {question.key: self._answer_to(question) for question in self.quiz.questions}
        if not all(answers.values()):
            raise ValidationError(_("Please answer every question."))
        return {**cleaned, "answers": answers}

    def _answer_to(self, question: QuizQuestion) -> list[str]:
        keys = [option.key for option in question.options]
        if question.kind == "order":
            places = {key: self.data.get(f"{question.key}-{key}", "") for key in keys}
            numbers = {str(number): number for number in range(1, len(keys) + 1)}
            if not all(place in numbers for place in places.values()):
                return []
            return sorted(keys, key=lambda key: numbers[places[key]])
        return [key for key in self.data.getlist(question.key) if key in keys]  # type: ignore[attr-defined]


class HandInForm(forms.Form):
    """Photos or videos for a task. The files' content is judged by the service, not here."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(max_length=500, required=False)


class MarkingForm(forms.Form):
    """A level for every line of the rubric, red lines, a comment; or the work goes back."""

    MARK, RETURN = "mark", "return"

    decision = forms.ChoiceField(choices=[(MARK, MARK), (RETURN, RETURN)])
    comment = forms.CharField(
        label=_("Comment for the trainee"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what was good, and what to do better next time."),
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in task.rubric:
            choices = [(str(level), text) for level, text in enumerate(row.descriptors)]
            self.fields[f"level-{row.key}"] = forms.ChoiceField(choices=choices, required=False)
            if row.red_line:
                self.fields[f"red-{row.key}"] = forms.BooleanField(required=False)
        self.task = task

    def clean(self) -> dict[str, Any]:
        """Ask for every level when marking, and for a comment when returning."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.RETURN and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what to do better: the trainee reads it."))
        if cleaned.get("decision") == self.MARK and not all(
            cleaned.get(f"level-{row.key}") for row in self.task.rubric
        ):
            raise ValidationError(_("Choose a level for every line."))
        return cleaned

    @property
    def levels(self) -> dict[str, int]:
        """The chosen levels by line."""
        return {row.key: int(self.cleaned_data[f"level-{row.key}"]) for row in self.task.rubric}

    @property
    def red_lines(self) -> frozenset[str]:
        """The lines whose red line was crossed."""
        return frozenset(row.key for row in self.task.rubric if self.cleaned_data.get(f"red-{row.key}"))


class CourseForm(WagtailAdminModelForm):
    """A course record; its code stays once classes were held under it."""

    class Meta:
        model = Course
        fields = ("code", "name", "name_en", "category", "hours")

    def clean(self) -> dict[str, Any]:
        """Refuse to change the code or hours under people who already learn by them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.pk and self.instance.classes.exists():
            for name in ("code", "hours"):
                if name in self.changed_data:
                    self.add_error(name, _("Classes were held with this; make a new course instead."))
        return cleaned


class LessonVideoForm(WagtailAdminModelForm):
    """A video; saving a new file has its small renditions made."""

    class Meta:
        model = LessonVideo
        fields = ("title", "original")

    def save(self, commit: bool = True) -> LessonVideo:
        """Save, and queue the work when the file is new."""
        video: LessonVideo = super().save(commit=commit)
        if commit and "original" in self.changed_data:
            request_renditions(video=video)
        return video
