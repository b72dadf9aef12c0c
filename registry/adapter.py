"""How allauth keeps a phone number, sends a code, and where it leads somebody who has signed in."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.account.stages import EmailVerificationStage, PhoneVerificationStage
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import client
from registry.errors import PhoneError
from registry.forms.mobile import MobileField
from registry.models import AssistedSignIn, User
from registry.permissions import holds_any_role
from registry.phones import clean_phone
from registry.queries.people import first_step_of, user_by_phone
from registry.second_factor import OWED, PASSED, SESSION_KEY
from registry.services import set_phone
from registry.stations import COUNTS_BY_DEVICE, begin_short_session, device_of

_NOT_OURS = {
    f"{stage.__module__}.{stage.__name__}" for stage in (EmailVerificationStage, PhoneVerificationStage)
}


class AccountAdapter(DefaultAccountAdapter):
    """Phones on the sealed columns of `User`; a number nobody knew signs up by signing in."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This login is closed. Please ask your county office."),
        "enter_current_password": _("Please type your present password."),
        "incorrect_code": _("This code does not fit. Please look at the newest message again."),
        "incorrect_password": _("The password does not fit."),
        "phone_password_mismatch": _("Number and password do not fit together."),
        "rate_limited": _("Please wait a minute and try again."),
        "too_many_login_attempts": _("Too many wrong tries. Please wait five minutes and try again."),
        "username_password_mismatch": _("User name and password do not fit together."),
    }

    def get_login_stages(self) -> list[str]:
        """Leave out the proofs of e-mail and phone: the sign-in code itself is the proof."""
        return [stage for stage in super().get_login_stages() if stage not in _NOT_OURS]

    # Phones

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """Return the field that reads numbers as people write them."""
        return MobileField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """Return the number in E.164 or raise a `ValidationError`."""
        try:
            return clean_phone(phone)
        except PhoneError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Return the number and whether it is proven, or None."""
        return (user.phone, user.phone_verified) if user.phone_sealed is not None else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Keep the number."""
        set_phone(user=user, phone=phone, is_verified=verified)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Keep that the code sent to the number has come back."""
        set_phone(user=user, phone=phone, is_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Return whose number it is, however it was typed."""
        try:
            return user_by_phone(clean_phone(phone))
        except PhoneError:
            return None

    # Limits

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what the limits by address count: the address, or a station's device where staff sign in.

        Whoever guesses behind the address of a station cannot keep its keeper out.
        """
        device = device_of(request) if getattr(request, COUNTS_BY_DEVICE, False) else None
        return f"station-{device.uid}" if device else str(super().get_client_ip(request))

    # Messages

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send the code. Raises `MessageNotSent`."""
        client.send_code(phone=phone, code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Send nothing: every number may sign in, so no number is unknown."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Send nothing: signing up is signing in."""

    # Where to go

    def login(self, request: HttpRequest, user: User) -> None:
        """Open the session; the number that proved it does not stay in it, where it would lie unsealed."""
        self._is_first_sign_in = user.last_login is None
        super().login(request, user)
        proofs = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        for proof in proofs:
            proof.pop("phone", None)
            if proof["method"] == "password":  # just now: she is not asked for it twice
                proof["reauthenticated"] = True
        if any(proof["method"] == "mfa" for proof in proofs):
            request.session[SESSION_KEY] = PASSED
        elif holds_any_role(user):
            request.session[SESSION_KEY] = OWED
        device = device_of(request)
        if device:
            begin_short_session(request, device=device)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Lead somebody new through linking or registering to where she wanted to go."""
        response = super().post_login(request, user, **kwargs)
        step = first_step_of(user) if self._is_first_sign_in else None
        if step and not response["Location"].startswith(reverse(step)):
            response["Location"] = f"{reverse(step)}?{urlencode({'next': response['Location']})}"
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody who wants nothing in particular goes on, in the language in use."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the home page in the language in use; at a station the page for whoever comes next."""
        return reverse("registry:station") if device_of(request) else reverse("wagtail_serve", args=[""])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the page about one's own login."""
        return reverse("registry:account")


def open_assisted_session(request: HttpRequest, assisted: AssistedSignIn) -> HttpResponse:
    """Sign the person in whom somebody helps, in a short session that says so, and lead to her learning.

    The caller has ended the helper's own session: nothing of it can be reached from this one.
    """
    record_authentication(request, assisted.user, method="assisted")
    response: HttpResponse = perform_login(request, Login(user=assisted.user))
    if request.user.is_authenticated:
        begin_short_session(request, device=device_of(request), assisted=assisted)
    return response
