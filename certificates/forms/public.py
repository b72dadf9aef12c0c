"""What visitors type."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from certificates.checking import MOST_BYTES
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


class FileForm(forms.Form):
    """The PDF of a certificate, as somebody received it."""

    file = forms.FileField(
        label=_("PDF of the certificate"),
        help_text=_("The file itself, not a photo of it. It is checked and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse at once what is no certificate of ours: too large, or no PDF."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES or not file.read(8).startswith(b"%PDF-"):
            raise forms.ValidationError(_("This is no PDF of a certificate."))
        file.seek(0)
        return file


class ShareForm(forms.Form):
    """The holder's consent to a link."""

    agrees = forms.BooleanField(
        label=_("I agree: whoever has this link sees my certificate with my full name and can save the PDF.")
    )


class ObjectionForm(forms.Form):
    """Why the holder thinks that her certificate should hold."""

    words = forms.CharField(
        label=_("Why should the certificate hold?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 6})
    )
