"""How allauth signs people in here: by phone and code, the number kept sealed on our own login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.client import sms_client
from registry.errors import MessageNotSent, PhoneError
from registry.models import User
from registry.phones import clean_phone
from registry.queries.people import needs_introduction
from registry.services.sign_in import prove_phone, user_by_phone


class AccountAdapter(DefaultAccountAdapter):
    """No e-mail, no sign-up form: an unknown number becomes a login by the code that was sent to it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not fit. Please look at the message again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Please wait a minute and try again."),
        "username_password_mismatch": gettext_lazy("User name and password do not fit together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody needs the form with password and name; see `services/sign_in.py`."""
        return False

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """A field without allauth's demand for a country code; `clean_phone` adds it."""
        return PhoneField(validators=[], **kwargs)

    def clean_phone(self, phone: str) -> str:
        """Return the number in E.164, as Chinese people type theirs or in full."""
        try:
            return clean_phone(phone)
        except PhoneError as error:
            raise ValidationError(str(error), code=error.code) from error

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Keep a number on a login."""
        user.phone = phone
        user.phone_verified = verified
        user.save(update_fields=["phone_sealed", "phone_hash", "phone_verified"])

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Return number and whether it is proven; None for staff without one."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Keep that the code sent to the number came back."""
        prove_phone(user=user, phone=phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Return the login that owns the number."""
        return user_by_phone(phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send the code; a number that had too many today, or a silent provider, gets a clear page."""
        if not ratelimit.consume(self.request, action="send_code", key=phone):
            raise self._back_to_sign_in(_("This number has had too many codes today. Please try tomorrow."))
        try:
            sms_client().send_code(phone, code)
        except MessageNotSent as error:
            raise self._back_to_sign_in(str(error)) from error

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Send nothing: every number has a login by the time a code is asked for."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Send nothing: there is no sign-up form that could find out."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """After signing in, ask a learner once who she is; staff go straight on."""
        response = super().post_login(request, user, **kwargs)
        if needs_introduction(user):
            query = urlencode({"next": response.url})
            return HttpResponseRedirect(f"{reverse('registry:link_person')}?{query}")
        return response

    def _back_to_sign_in(self, message: str) -> ImmediateHttpResponse:
        messages.error(self.request, message)
        return ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
