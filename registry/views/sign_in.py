"""Signing in: number, code, in. allauth's flows behind views that know only one way for old and new."""

import time
from typing import Any, ClassVar

from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.errors import MessageNotSent
from registry.forms.sign_in import CodeForm, PasswordSignInForm, PhoneForm
from registry.masking import mask_phone
from registry.models import User
from registry.permissions import holds_any_role
from registry.queries.people import person_of
from registry.services import open_login
from registry.stations import COUNTS_BY_DEVICE, device_of, is_within_limit
from registry.wechat import is_wechat_offered, wechat_account_of


class SignedInRequest(HttpRequest):
    """What a view behind `login_required` is given."""

    user: User


def onward(request: HttpRequest) -> str:
    """Return the address in `next` if it is ours, else the home page."""
    return get_next_redirect_url(request) or reverse("wagtail_serve", args=[""])


class ForgetfulForms:
    """On a station's device no field offers what somebody typed there before."""

    request: HttpRequest

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, without a memory where many people use it."""
        form = super().get_form(form_class)  # type: ignore[misc]
        if device_of(self.request):
            for field in form.fields.values():
                field.widget.attrs["autocomplete"] = "off"
        return form


class SignInView(ForgetfulForms, RequestLoginCodeView):
    """The one page for everybody with a phone: asks the number and sends a code to it."""

    form_class = PhoneForm
    template_name = "account/login.html"
    extra_context: ClassVar[dict[str, Any]] = {"offers_wechat": is_wechat_offered}

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginByCodeStage) -> None:
        """Show the page although a code is on its way: the number may have been mistyped."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Bound the tries from one address, and generously those of a registered station."""
        if not is_within_limit(request, "sign_in"):
            return ratelimit.respond_429(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PhoneForm) -> HttpResponse:
        """Open a login for a new number, and let allauth send the code."""
        form._user = open_login(phone=form.cleaned_data["phone"])
        try:
            return super().form_valid(form)
        except MessageNotSent as error:
            form.add_error("phone", str(error))
            return self.form_invalid(form)

    def form_invalid(self, form: PhoneForm) -> HttpResponse:
        """Lead somebody who asks again too soon to where the code she has can be entered."""
        if form.has_error("phone", "sent_lately") and self._awaits_code_for(form.phone):
            return redirect(self.get_success_url())
        return super().form_invalid(form)

    def _awaits_code_for(self, phone: str) -> bool:
        stage = get_pending_stage(self.request)
        return stage is not None and stage.state.get("phone") == phone


class CodeView(ConfirmLoginCodeView):
    """Asks for the code, sends it again."""

    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so when the code is too old, and keep `next` on the way back to the first page."""
        response = super().dispatch(request, *args, **kwargs)
        first_page = reverse("account_request_login_code")
        if not isinstance(response, HttpResponseRedirect) or response.url != first_page:
            return response
        if getattr(self, "_process", None) is None:
            messages.warning(request, _("This code is no longer good. Enter your number to get a new one."))
        return redirect(passthrough_next_redirect_url(request, reverse("account_login"), "next"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Bound the tries by number too: many requests at once could outrun the count in the session."""
        if self._action == "verify" and not ratelimit.consume(
            request, action="confirm_login_code", key=self._phone
        ):
            return ratelimit.respond_429(request)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show enough of the number to notice a slip, and in the demo where the message lies."""
        phone = mask_phone(self._phone)
        return {**super().get_context_data(**kwargs), "phone": phone, "is_demo": settings.DEMO}

    @property
    def _phone(self) -> str:
        return str(self._process.state.get("phone", ""))

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if ratelimit.consume(self.request, action="request_login_code", key=self._phone):
            self._send_again()
        else:
            messages.warning(
                self.request, _("A new code can be sent one minute after the last. Please wait.")
            )
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def _send_again(self) -> None:
        self._process.state["at"] = time.time()  # the new code lives as long as the first
        try:
            self._process.resend()
        except MessageNotSent as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("A new code is on its way."))


class StaffSignInView(ForgetfulForms, LoginView):
    """User name and password, for staff and for whoever has set a password."""

    form_class = PasswordSignInForm
    template_name = "account/staff_login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Have the limits by address go by device where a station is registered."""
        setattr(request, COUNTS_BY_DEVICE, True)
        return super().dispatch(request, *args, **kwargs)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginByCodeStage) -> None:
        """Show the page although a code is on its way."""


@require_safe
@login_required
def account(request: SignedInRequest) -> HttpResponse:
    """Show one's own login: who, which number, and what can be changed."""
    user = request.user
    context = {
        "person": person_of(user),
        "phone": mask_phone(user.phone) if user.phone_sealed else "",
        "has_role": holds_any_role(user),
        "offers_wechat": is_wechat_offered(),
        "wechat": wechat_account_of(user),
    }
    return render(request, "registry/account.html", context)


@require_safe
def admin_door(request: HttpRequest) -> HttpResponse:
    """Lead from Wagtail's sign-in page to ours; whoever is signed in already may not enter the admin."""
    if request.user.is_authenticated:
        return redirect("registry:account")
    query = request.GET.urlencode()
    return redirect(reverse("account_staff_login") + (f"?{query}" if query else ""))
