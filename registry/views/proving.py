"""Proving once more who sits in front of the page, before a request about one's data.

A password goes through allauth's own page. Whoever signs in by code gets a new one here. Others (cards)
sign out and in again: a sign-in of the last five minutes is proof enough.
"""

import hmac
import time
import unicodedata
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry import client
from registry.errors import MessageNotSent
from registry.forms.requests import ProofForm
from registry.masking import mask_phone
from registry.views.sign_in import SignedInRequest, onward

View = Callable[..., HttpResponseBase]
PROOF_LASTS = 5 * 60
CODE_LASTS = 10 * 60
MOST_TRIES = 5
# Somebody else's help, such as a station keeper's, is no proof.
_OWN_WAYS = {"code", "password", "mfa", "card", "pictures"}
_KEY = "privacy_proof"


def proof_needed(view: View) -> View:
    """Let in who proved herself within five minutes; send everybody else to do so and back."""

    @login_required
    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not _has_proved(request):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('registry:prove')}?{query}")
        return view(request, *args, **kwargs)

    return wrapper


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: SignedInRequest) -> HttpResponse:
    """Ask for the password, or send a code and ask for it."""
    query = urlencode({"next": onward(request)})
    if request.user.has_usable_password():
        return redirect(f"{reverse('account_reauthenticate')}?{query}")
    phone = request.user.phone if request.user.phone_verified else ""
    if not phone:
        return render(request, "registry/privacy/prove_again.html", {"next": onward(request)})
    form = ProofForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        if _is_right(request, form.cleaned_data["code"]):
            record_authentication(request, request.user, "code", reauthenticated=True)
            return redirect(onward(request))
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    elif request.method == "POST":
        _send(request, phone)
    context = {
        "form": form,
        "phone": mask_phone(phone),
        "is_sent": _KEY in request.session,
        "next": onward(request),
        "is_demo": settings.DEMO,
    }
    return render(request, "registry/privacy/prove.html", context)


def _has_proved(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    own = [record["at"] for record in records if record.get("method") in _OWN_WAYS]
    return bool(own) and time.time() - max(own) < PROOF_LASTS


def _send(request: HttpRequest, phone: str) -> None:
    if not ratelimit.consume(request, action="request_login_code", key=phone):
        messages.warning(request, _("A new code can be sent one minute after the last. Please wait."))
        return
    code = get_adapter().generate_login_code()
    try:
        client.send_code(phone=phone, code=code)
    except MessageNotSent as error:
        messages.error(request, str(error))
        return
    request.session[_KEY] = {"digest": _digest(code), "at": time.time(), "tries": 0}


def _is_right(request: HttpRequest, typed: str) -> bool:
    """Compare with the code that was sent; five tries within ten minutes, and one success."""
    sent = request.session.get(_KEY)
    if not sent or sent["tries"] >= MOST_TRIES or time.time() - sent["at"] > CODE_LASTS:
        request.session.pop(_KEY, None)
        return False
    is_right = hmac.compare_digest(sent["digest"], _digest(unicodedata.normalize("NFKC", typed).strip()))
    if is_right:
        del request.session[_KEY]
    else:
        request.session[_KEY] = {**sent, "tries": sent["tries"] + 1}
    return is_right


def _digest(code: str) -> str:
    return salted_hmac("registry.privacy_proof", code, algorithm="sha256").hexdigest()
