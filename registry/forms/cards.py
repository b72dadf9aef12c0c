"""Typing a card number, and pressing pictures one after another, with or without JavaScript."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.card_numbers import read_card_number
from registry.pictures import CHOSEN, PICTURES

_DIGITS = {"autocomplete": "off", "inputmode": "numeric"}


class CardNumberForm(forms.Form):
    """The number of a card whose QR code cannot be scanned."""

    number = forms.CharField(
        label=_("Card number"),
        help_text=_("The ten digits below the QR code."),
        max_length=30,
        widget=forms.TextInput(attrs=_DIGITS),
    )

    def clean_number(self) -> str:
        """Return the ten digits."""
        number = read_card_number(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(_("A digit is wrong. Please look at the card again."))
        return number


class StubForm(forms.Form):
    """The code on the stub of a new card, which whoever issued it keeps."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("The 6 digits on the stub of the card"),
        max_length=12,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages={"invalid": _("Please give six digits.")},
    )

    def clean_code(self) -> str:
        """Return the digits."""
        code: str = self.cleaned_data["code"]
        return code.strip()


class PicturesForm(forms.Form):
    """One press of a picture; `picked` holds those pressed before, `first` those of the first round."""

    picked = forms.CharField(required=False, max_length=100)
    first = forms.CharField(required=False, max_length=100)
    picture = forms.ChoiceField(choices=list(PICTURES.items()), required=False)

    def clean_picked(self) -> list[str]:
        """Return the pictures pressed before."""
        return _known(self.cleaned_data["picked"])

    def clean_first(self) -> list[str]:
        """Return the pictures of the first round, when they are chosen twice."""
        return _known(self.cleaned_data["first"])

    def clean(self) -> dict[str, Any]:
        """Add the press; a second press of the same picture counts for nothing."""
        answers = super().clean() or {}
        picked, picture = answers.get("picked", []), answers.get("picture", "")
        if picture and picture not in picked:
            picked = [*picked, picture]
        return {**answers, "picked": picked[:CHOSEN]}


def _known(text: str) -> list[str]:
    chosen = [key for key in text.split(",") if key in PICTURES]
    return list(dict.fromkeys(chosen))[:CHOSEN]
