"""What the audit desk asks: a period, a reason, a class or month to draw from, what a call came to."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from county.counting import month_after
from county.flags import BY_CODE
from county.forms import MonthField
from county.models import AuditCallResult
from county.queries.flags import Looked
from courses.models import TrainingClass

REASON_LENGTH = 4


class AuditForm(forms.Form):
    """The period of the classes that are looked at: by their last day."""

    since = MonthField(label=_("From"))
    until = MonthField(label=_("Up to and including"))

    def __init__(self, data: dict[str, str], *, today: date) -> None:
        asked = {"since": f"{today.year}-01", "until": f"{today:%Y-%m}"}
        super().__init__(asked | {name: value for name, value in data.items() if value})

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned = super().clean() or {}
        if {"since", "until"} <= cleaned.keys() and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("The last month must not lie before the first."))
        return cleaned

    def looked(self, codes: list[str]) -> Looked:
        """Return where and when is looked, after validation."""
        return Looked(codes, self.cleaned_data["since"], month_after(self.cleaned_data["until"]))

    @property
    def query(self) -> dict[str, str]:
        """The period as addresses carry it."""
        return {name: f"{self.cleaned_data[name]:%Y-%m}" for name in ("since", "until")}


class SettleForm(forms.Form):
    """Why a flagged fact stands."""

    flag = forms.ChoiceField(choices=[(code, code) for code in BY_CODE], widget=forms.HiddenInput)
    key = forms.CharField(max_length=120, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What you found out"),
        min_length=REASON_LENGTH,
        max_length=300,
        help_text=_("This stays on record with your name. Please write no name and no number."),
    )


class DrawForm(forms.Form):
    """A closed class of hers, or a month of a county; and a seed, if one was agreed on."""

    training_class = forms.ModelChoiceField(
        TrainingClass.objects.none(),
        label=_("Class"),
        required=False,
        to_field_name="uid",
        empty_label=_("a whole month"),
        error_messages={"invalid_choice": _("Please choose a class of the list.")},
    )
    county = forms.ChoiceField(label=_("County"), required=False)
    month = MonthField(label=_("Month"), required=False)
    seed = forms.CharField(
        label=_("Seed"),
        max_length=40,
        required=False,
        help_text=_(
            "A number both sides agree on, such as today's lottery number. Left empty, one is thrown."
        ),
    )

    def __init__(
        self, data: Any = None, *, classes: QuerySet[TrainingClass], counties: list[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        chosen = self.fields["training_class"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        chosen.queryset = classes
        county = self.fields["county"]
        assert isinstance(county, forms.ChoiceField)  # noqa: S101 - for the type checker
        county.choices = counties

    def clean(self) -> dict[str, Any]:
        """Ask for a class, or a county with a month."""
        cleaned = super().clean() or {}
        is_month = cleaned.get("county") and cleaned.get("month")
        if not self.errors and not cleaned.get("training_class") and not is_month:
            raise forms.ValidationError(_("Please choose a class or a month."))
        return cleaned


class NumberForm(forms.Form):
    """Why the number is looked at."""

    reason = forms.CharField(
        label=_("In a few words"),
        min_length=REASON_LENGTH,
        max_length=200,
        help_text=_("This stays in the log with your name. Please write no name and no number."),
    )


class CallForm(forms.Form):
    """What a call came to."""

    outcome = forms.ChoiceField(
        label=_("What she said"), choices=AuditCallResult.Outcome, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What she told about the class, or when to call again."),
    )
