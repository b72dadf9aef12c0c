"""Forms of reviewing: looking back, remarks, answers and the rubric."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from livestream.models import Rubric
from livestream.review_errors import ReviewError
from livestream.services.remarks import Said
from livestream.voice_notes import VoiceNote, check_voice

MAX_MINUTES = 240
# A phone's clock may be wrong; a press cannot lie further back than the queue of unsent remarks.
OLDEST_PRESS = timedelta(hours=12)


def _text(label: Any, help_text: Any = "", *, required: bool = True, length: int = 300) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=length, widget=widget
    )


class ReflectionForm(forms.Form):
    """Looking back at one's own rehearsal, before a coach does."""

    went_well = _text(_("What went well?"), _("One thing is enough."))
    was_hard = _text(_("What was hard?"), _("Where did you stop, or not know what to say?"))
    watch_for = _text(_("What shall the coach look at?"), required=False)
    is_test = forms.BooleanField(label=_("This is my test: two coaches mark it"), required=False)
    is_for_peers = forms.BooleanField(
        label=_("Fellow trainees may comment too; they do not see my name"), required=False
    )

    def __init__(self, *args: Any, may_ask_peers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_ask_peers:
            del self.fields["is_for_peers"]

    def values(self) -> dict[str, Any]:
        """Return what `ask_for_review` takes."""
        texts = {name: self.cleaned_data[name] for name in ("went_well", "was_hard", "watch_for")}
        wanted = 2 if self.cleaned_data["is_test"] else 1
        return {**texts, "wanted": wanted, "is_for_peers": self.cleaned_data.get("is_for_peers", False)}


class RemarkForm(forms.Form):
    """A remark at a second of the recording, or at a moment of the clock (`pressed`)."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MAX_MINUTES, initial=0)
    seconds = forms.IntegerField(label=_("Seconds"), min_value=0, max_value=59, initial=0)
    pressed = forms.DateTimeField(required=False)
    line_key = forms.ChoiceField(label=_("About"), required=False)
    text = _text(_("Remark"), required=False, length=500)
    voice = forms.FileField(
        label=_("Voice note, at most 60 seconds"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": True}),
    )

    def __init__(self, *args: Any, rubric: Rubric, is_live: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.key, line.title) for line in rubric.lines.all()]
        self.fields["line_key"].choices = [("", _("in general")), *choices]  # type: ignore[attr-defined]
        if is_live:
            del self.fields["minutes"], self.fields["seconds"]

    def clean_voice(self) -> VoiceNote | None:
        """Judge the voice note by its content."""
        file = self.cleaned_data["voice"]
        if not file:
            return None
        try:
            return check_voice(file.file)
        except ReviewError as error:
            raise ValidationError(str(error)) from error

    def clean_pressed(self) -> datetime | None:
        """Take a press that is not older than a phone keeps it, nor in the future; else it was now."""
        pressed: datetime | None = self.cleaned_data["pressed"]
        if pressed is None:
            return None
        now = timezone.now()
        return pressed if now - OLDEST_PRESS < pressed < now + timedelta(seconds=5) else now

    def clean(self) -> dict[str, Any]:
        """Ask for text or a voice note."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("voice"):
            raise ValidationError(_("Write something, or record a voice note."))
        return cleaned

    @property
    def at(self) -> float:
        """The second of the recording it is about."""
        return 60 * (self.cleaned_data.get("minutes") or 0) + (self.cleaned_data.get("seconds") or 0)

    @property
    def said(self) -> Said:
        """What `add_remark` keeps."""
        return Said(
            text=self.cleaned_data["text"],
            voice=self.cleaned_data["voice"],
            line_key=self.cleaned_data["line_key"],
        )


class AnswerForm(forms.Form):
    """An answer to a remark."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = _text(_("Answer"), length=500)


class RubricForm(forms.Form):
    """The rubric: a level for every line, red lines, a comment; or what there is of it, as a draft."""

    GIVE, KEEP = "give", "keep"

    decision = forms.ChoiceField(choices=[(GIVE, GIVE), (KEEP, KEEP)])
    comment = forms.CharField(
        label=_("Comment for the trainee"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what was good, and what to do better next time."),
    )

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(rubric.lines.all())
        for line in self.lines:
            choices = [(str(level), text) for level, text in enumerate(line.levels)]
            self.fields[f"level-{line.key}"] = forms.ChoiceField(choices=choices, required=False)
            if line.red_lines:
                self.fields[f"red-{line.key}"] = forms.BooleanField(required=False)

    @property
    def is_given(self) -> bool:
        """Whether it is meant to be given now."""
        return bool(self.cleaned_data["decision"] == self.GIVE)

    @property
    def levels(self) -> dict[str, int]:
        """The chosen levels by line, as far as they are chosen."""
        chosen = {line.key: self.cleaned_data.get(f"level-{line.key}") for line in self.lines}
        return {key: int(level) for key, level in chosen.items() if level}

    @property
    def red_lines(self) -> frozenset[str]:
        """The lines whose red line was crossed."""
        return frozenset(line.key for line in self.lines if self.cleaned_data.get(f"red-{line.key}"))
