"""Setting up and giving the second factor: allauth's views, with our way in and out."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registry.second_factor import PASSED, SESSION_KEY, SecondFactorAdapter, demo_code

_NEXT = "second_factor_next"


@method_decorator(never_cache, name="dispatch")
class IndexView(base.IndexView):
    """Which factors somebody has, and what she can do about it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether she must set one up first, and keep where she wanted to go."""
        after = get_next_redirect_url(self.request)
        if after:
            self.request.session[_NEXT] = after
        owes = self.request.session.get(SESSION_KEY) != PASSED and not self._has_factor()
        return {**super().get_context_data(**kwargs), "owes": owes}

    def _has_factor(self) -> bool:
        return bool(base.is_mfa_enabled(self.request.user))


class _NeedsPassword:
    """Only who knows the password of a staff login may add to it: a code to a phone is not enough."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if (
            user.is_authenticated
            and request.session.get(SESSION_KEY) != PASSED
            and not user.has_usable_password()
        ):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep that this session has proven it: it holds what was just set up."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        self.request.session[SESSION_KEY] = PASSED
        return response


@method_decorator(never_cache, name="dispatch")
class ActivateAppView(_NeedsPassword, totp.ActivateTOTPView):
    """Shows the code to scan with an app and asks for the app's first answer."""


@method_decorator(never_cache, name="dispatch")
class AddKeyView(_NeedsPassword, keys.AddWebAuthnView):
    """Adds the phone's or computer's own lock, or a key to plug in."""

    def get_form(self, form_class: type[AddWebAuthnForm] | None = None) -> AddWebAuthnForm:
        """Return the form with our label."""
        form: AddWebAuthnForm = super().get_form(form_class)
        form.fields["name"].label = _("Name of this key")
        form.fields["name"].required = False
        return form


class RemoveKeyView(keys.RemoveWebAuthnView):
    """Takes a key away, unless it is the last proof."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it, or say why not."""
        if not SecondFactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(
                self.request, str(SecondFactorAdapter.error_messages["cannot_delete_authenticator"])
            )
            return redirect("mfa_index")
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class RecoveryView(recovery.ViewRecoveryCodesView):
    """Shows the recovery codes once, and leads on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where she wanted to go before the set-up."""
        after = self.request.session.get(_NEXT) or reverse("registry:account")
        return {**super().get_context_data(**kwargs), "onward": after}


class AuthenticateView(base.AuthenticateView):
    """Asks for the second factor on the way in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what a visitor of the demo cannot know."""
        return {**super().get_context_data(**kwargs), "demo_code": demo_code(self.stage.login.user.pk)}
