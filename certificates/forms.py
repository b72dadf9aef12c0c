"""What visitors type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.errors import InvalidNumber
from certificates.numbering import parse_number


class VerifyForm(forms.Form):
    """The two things that are asked from somebody who holds the paper."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=60,
        help_text=_("At the top right of the paper, for example H431125-2026-0012-0037-H."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    name_end = forms.CharField(
        label=_("Last two characters of the name"),
        max_length=100,
        help_text=_("As printed on the paper. For 学员甲 that is 员甲."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """Return the number as it is printed, or say that it was mistyped."""
        try:
            return str(parse_number(self.cleaned_data["number"]))
        except InvalidNumber:
            raise forms.ValidationError(
                _("This is not a certificate number. Please compare each character with the paper.")
            ) from None
