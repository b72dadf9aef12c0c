"""What staff type from a signed sheet, or after somebody said it before two witnesses."""

from typing import Any, cast

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.consent_effects import TITLES
from registry.errors import (
    ConsentDateWrong,
    ConsentGuardianMissing,
    ConsentWitnessesMissing,
    RegistryError,
    ScanUnreadable,
)
from registry.models import Consent, ConsentText, Person, User
from registry.scans import check_scan
from registry.services import give_consent, withdraw_consent

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_BY_STAFF = [(channel.value, channel.label) for channel in (Consent.Channel.PAPER, Consent.Channel.ORAL)]
_FIELD_OF = {
    ConsentDateWrong: "on",
    ConsentGuardianMissing: "guardian",
    ConsentWitnessesMissing: "second_witness",
}


class ConsentSheetForm(forms.Form):
    """A sheet that was signed, or said before two witnesses; nothing is ticked before."""

    channel = forms.ChoiceField(label=_("How she agreed"), choices=_BY_STAFF, widget=forms.RadioSelect)
    on = forms.DateField(label=_("On which day"), widget=_DAY, initial=timezone.localdate)
    items = forms.MultipleChoiceField(
        label=_("What she agreed to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what is ticked on the sheet. Nothing ticked is an answer too."),
    )
    scan = forms.FileField(
        label=_("The signed sheet, scanned or photographed"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    first_witness = forms.CharField(label=_("First witness"), required=False, max_length=100)
    second_witness = forms.CharField(label=_("Second witness"), required=False, max_length=100)
    guardian = forms.CharField(
        label=_("Parent or guardian"),
        required=False,
        max_length=100,
        help_text=_("For a child under 14 only."),
    )

    def __init__(self, *args: Any, text: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._text = text
        choices = [(item, TITLES[item]) for item in Consent.Item.values if item in text.items]
        cast(forms.MultipleChoiceField, self.fields["items"]).choices = choices

    def clean_scan(self) -> ContentFile | None:
        """Keep what the file is by its content."""
        file: UploadedFile | None = self.cleaned_data["scan"]
        if file is None:
            return None
        try:
            return check_scan(file)
        except ScanUnreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Ask for the sheet where there should be one."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        is_paper = answers.get("channel") == Consent.Channel.PAPER
        if is_paper and not answers.get("scan") and "scan" not in self.errors:
            self.add_error("scan", _("Please add the signed sheet."))
        return answers

    def save(self, *, person: Person, by: User, **kwargs: Any) -> Consent | None:
        """Record the sheet; None when it cannot be, with the reason at its field."""
        answers = self.cleaned_data
        try:
            return give_consent(
                person=person,
                text=self._text,
                items=answers["items"],
                channel=answers["channel"],
                recorded_by=by,
                witnesses=(answers["first_witness"], answers["second_witness"]),
                guardian=answers["guardian"],
                scan=answers["scan"],
                given_on=answers["on"],
                **kwargs,
            )
        except RegistryError as refusal:
            self.add_error(_FIELD_OF.get(type(refusal)), str(refusal))
            return None


class ConsentWithdrawalForm(forms.Form):
    """What she takes back, as easily as she gave it: no reason, no witness."""

    items = forms.MultipleChoiceField(label=_("What she takes back"), widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField(label=_("How she said so"), choices=_BY_STAFF, widget=forms.RadioSelect)

    def __init__(self, *args: Any, open_items: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item, TITLES[item]) for item in Consent.Item.values if item in open_items]
        cast(forms.MultipleChoiceField, self.fields["items"]).choices = choices

    def save(self, *, person: Person, by: User, **kwargs: Any) -> list[str]:
        """End the items and return those that were open."""
        return withdraw_consent(
            person=person,
            items=self.cleaned_data["items"],
            channel=self.cleaned_data["channel"],
            recorded_by=by,
            **kwargs,
        )
