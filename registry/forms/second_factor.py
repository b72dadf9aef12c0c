"""allauth's forms for the second factor, in our words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


class CodeOfAppForm(AuthenticateForm):
    """The code that the app on the phone shows, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _("Or one of your recovery codes."))


class CodeOfAppAgainForm(ReauthenticateForm):
    """The same once more, before something important."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _("Or one of your recovery codes."))


class ActivateAppForm(ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, "")
        del self.fields["code"].widget.attrs["autofocus"]  # it would scroll past the picture to scan


def _ask_code(form: forms.Form, help_text: Any) -> None:
    field = form.fields["code"]
    field.label = _("The 6 digits your app shows now")
    field.help_text = help_text
    field.widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "numeric", "maxlength": 16}
    )
