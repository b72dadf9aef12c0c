"""Forms of live classes."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass
from livestream.models.chat import MAX_OPTIONS
from livestream.models.live_class import MAX_PLANNED_MINUTES, SLOW_CHOICES
from livestream.services.live_class import Plan


class PlanForm(forms.Form):
    """What a live hour is called, when it begins and how long it is planned to be."""

    title = forms.CharField(label=_("Title"), max_length=80)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    planned_minutes = forms.IntegerField(
        label=_("Planned minutes"), min_value=5, max_value=MAX_PLANNED_MINUTES, initial=45
    )

    def clean(self) -> dict[str, Any]:
        """Put day and time together; what lies behind us cannot be planned."""
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time"):
            starts_at = timezone.make_aware(datetime.combine(cleaned["day"], cleaned["time"]))
            if starts_at < timezone.now():
                self.add_error("time", ValidationError(_("This time has passed.")))
            cleaned["starts_at"] = starts_at
        return cleaned

    def plan(self) -> Plan:
        """Return what `schedule_class` takes."""
        values = self.cleaned_data
        return Plan(values["title"], values["starts_at"], values["planned_minutes"])


class ScheduleForm(PlanForm):
    """A new live hour of one of the classes the teacher teaches."""

    training_class = forms.ModelChoiceField(
        label=_("For which class"), queryset=TrainingClass.objects.none(), empty_label=None
    )
    client_token = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ["training_class", "title", "day", "time", "planned_minutes"]

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["training_class"].queryset = classes  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """A message; its length is checked where it is written, so that the answer can say why."""

    text = forms.CharField(required=False, max_length=1000)
    is_question = forms.BooleanField(required=False)
    client_token = forms.UUIDField()


class ModeForm(forms.Form):
    """How the chat works."""

    slow_seconds = forms.TypedChoiceField(
        label=_("Slow mode"),
        coerce=int,
        choices=[
            (seconds, _("off") if not seconds else _("one message every %(n)d s") % {"n": seconds})
            for seconds in SLOW_CHOICES
        ],
    )
    is_questions_only = forms.BooleanField(label=_("Questions only"), required=False)
    is_locked = forms.BooleanField(label=_("Chat closed"), required=False)
    own_words = forms.CharField(
        label=_("Words that hold a message back"),
        help_text=_("One a line, besides the site's own list."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class CheckForm(forms.Form):
    """One question with two to six answers, one a line."""

    question = forms.CharField(label=_("Question"), max_length=120)
    options = forms.CharField(
        label=_("Answers"),
        help_text=_("One a line, two to six. Put a star * before the right one, if there is one."),
        widget=forms.Textarea({"rows": 3}),
        max_length=600,
    )
    client_token = forms.UUIDField(widget=forms.HiddenInput)

    def clean_options(self) -> tuple[list[str], int | None]:
        """Return the answers and which of them is right."""
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        starred = [number for number, line in enumerate(lines) if line.startswith(("*", "＊"))]
        options = [line.lstrip("*＊ ")[:60] for line in lines]
        if not 2 <= len(options) <= MAX_OPTIONS or not all(options) or len(starred) > 1:
            raise ValidationError(_("Two to six answers are needed, with one star at most."))
        return options, starred[0] if starred else None
