"""What staff type to find somebody and to see a number of hers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.errors import RevealReasonTooShort
from registry.models import RevealGrant
from registry.names import MAX_LENGTH
from registry.services.reveal import REASON_LENGTH

_UNTOLD = {"autocomplete": "off"}


class PeopleSearchForm(forms.Form):
    """Name, number, or both. It is sent by POST: neither belongs into an address."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=_("Its beginning is enough."),
        widget=forms.TextInput(attrs=_UNTOLD),
    )
    number = forms.CharField(
        label=_("ID number or temporary number"),
        required=False,
        max_length=40,
        help_text=_("With a name the last four characters of the ID number are enough."),
        widget=forms.TextInput(attrs=_UNTOLD),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an empty question, and four characters without a name."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        name, number = answers.get("name", "").strip(), answers.get("number", "").strip()
        if not name and not number:
            raise forms.ValidationError(_("Please give a name or a number."))
        if not name and len(number) < 12 and not number.upper().startswith("T-"):
            raise forms.ValidationError(_("Please give the whole number, or the name too."))
        return answers


class RevealForm(forms.Form):
    """Which number, and why: a choice and a sentence."""

    WHY = [
        ("identity", _("to check who she is")),
        ("call", _("to call her about her training")),
        ("record", _("to correct her record")),
        ("inspection", _("for an inspection")),
        ("other", _("something else")),
    ]

    field = forms.ChoiceField(choices=RevealGrant.Field, widget=forms.HiddenInput)
    why = forms.ChoiceField(label=_("What for"), choices=WHY)
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=200,
        help_text=_("This stays in the log with your name. Please write no name and no number."),
        widget=forms.TextInput(attrs=_UNTOLD),
    )

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason: str = self.cleaned_data["reason"]
        if len("".join(reason.split())) < REASON_LENGTH:
            raise forms.ValidationError(str(RevealReasonTooShort(length=REASON_LENGTH)))
        return reason

    @property
    def told(self) -> str:
        """The reason as the log keeps it."""
        return f"{self.cleaned_data['why']}: {self.cleaned_data['reason']}"
