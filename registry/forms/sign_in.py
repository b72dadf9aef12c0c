"""The two small forms of signing in, and the staff's."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import User
from registry.services.sign_in import user_for_phone


class PhoneForm(RequestLoginCodeForm):
    """A phone number; known or not, the answer is a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["phone"]
        field.label = _("Your mobile phone number")
        field.widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    _user: User | None

    def clean_phone(self) -> str:
        """Let allauth count the request, then make sure that the number has a login."""
        phone: str = super().clean_phone()
        if self._user is None:
            self._user = user_for_phone(phone)
        return phone


class CodeForm(ConfirmLoginCodeForm):
    """Six digits from the message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the message")
        field.help_text = _("Six digits. The message comes within a minute.")
        field.widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": "12",
                "autofocus": True,
            }
        )


class StaffSignInForm(LoginForm):
    """User name and password, for the office, instructors and clerks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("User name")
        login.widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        password.label = _("Password")
        password.help_text = ""
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
