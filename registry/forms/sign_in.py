"""allauth's forms in our words."""

import unicodedata
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _


class PhoneForm(RequestLoginCodeForm):
    """The number to which the code goes. Whether we know it makes no difference to the answer."""

    class SentLately(forms.ValidationError):
        """The number has had its messages for now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _(
            "We send a message with a code to this number. You need no password."
        )

    def clean_phone(self) -> str:
        """Return the number; refuses to write to it more often than the providers allow."""
        phone: str = self.cleaned_data["phone"]
        self.phone = phone
        if not ratelimit.consume(context.request, action="request_login_code", key=phone):
            raise self.SentLately(
                _(
                    "This number was sent a code a moment ago. Please wait a minute; "
                    "after several codes it takes an hour or until tomorrow."
                ),
                code="sent_lately",
            )
        return phone


class CodeForm(ConfirmLoginCodeForm):
    """The six digits from the message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The 6 digits from the message")
        self.fields["code"].widget = forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "inputmode": "numeric",
                "maxlength": 12,
            }
        )

    def clean_code(self) -> str:
        """Return the code; full-width digits of Chinese keyboards count as digits."""
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return super().clean_code()


class PasswordSignInForm(LoginForm):
    """User name (or phone) and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("User name or mobile number")
        login.widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True, "maxlength": 150}
        )
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
