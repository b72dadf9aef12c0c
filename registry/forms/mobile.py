"""The field for a mobile number, as people write it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.errors import PhoneError
from registry.phones import clean_phone


class MobileField(forms.CharField):
    """Takes a number with or without country code, spaces and full-width digits; gives E.164."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        kwargs.setdefault("label", _("Your mobile number"))
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: str) -> str:
        """Return the number in E.164, or an empty text for an optional field left empty."""
        text = super().clean(value)
        try:
            return clean_phone(text) if text else ""
        except PhoneError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
