"""Whether and where an officer gets signed returns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from county.queries.return_mail import wants_returns
from county.services.return_mail import choose_return_mail
from registry.models import User
from registry.services import set_mail_address


class ReturnMailForm(forms.Form):
    """One tick and one address; without an address the returns lie on her desk."""

    is_wanted = forms.BooleanField(label=_("Send me the month's return when it is signed."), required=False)
    address = forms.EmailField(
        label=_("Your e-mail address at work"),
        required=False,
        help_text=_("Without one, what was signed is shown here as a notice."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: Any = None, *, reader: User) -> None:
        super().__init__(data, initial={"is_wanted": wants_returns(reader), "address": reader.email})
        self._reader = reader

    def save(self) -> None:
        """Keep both."""
        choose_return_mail(reader=self._reader, is_wanted=self.cleaned_data["is_wanted"])
        set_mail_address(user=self._reader, address=self.cleaned_data["address"])
