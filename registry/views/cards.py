"""Signing in with a printed card and three pictures."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.errors import CardClosed, CardNotGood, RegistryError, StaffSignsInHerself
from registry.forms.cards import CardNumberForm, PicturesForm, StubForm
from registry.models import SignInCard, User
from registry.pictures import CHOSEN, PICTURES, are_pictures, shuffled_pictures
from registry.queries.sign_in import card_by_number, card_by_token
from registry.services import check_stub, choose_pictures, prove_card
from registry.stations import device_of, is_within_limit

_SESSION_KEY = "card"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """Take a card: by its QR code, which leads here with `c`, or by its number."""
    if "c" in request.GET:  # 128 random bits: nobody guesses them
        return _take(request, card_by_token(request.GET["c"]), CardNumberForm())
    form = CardNumberForm(request.POST or None)
    if request.method == "POST" and not is_within_limit(request, "card"):
        return ratelimit.respond_429(request)
    if form.is_valid():
        return _take(request, card_by_number(form.cleaned_data["number"]), form)
    return _ask_card(request, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest) -> HttpResponse:
    """Ask for the three pictures, one press after another, and open the session."""
    found = _card_in_hand(request)
    if found is None:
        return redirect("registry:card")
    if not found.pictures:
        return redirect("registry:first_pictures")
    form = PicturesForm(request.POST)
    picked = form.cleaned_data["picked"] if form.is_valid() else []
    if len(picked) < CHOSEN:
        return _show_pictures(request, picked)
    if not is_within_limit(request, "card"):
        return ratelimit.respond_429(request)
    try:
        user = prove_card(card=found, pictures=picked)
    except (CardClosed, CardNotGood, StaffSignsInHerself) as error:
        return _leave(request, error)
    except RegistryError as error:
        return _show_pictures(request, [], problem=str(error))
    return _open_session(request, user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_pictures(request: HttpRequest) -> HttpResponse:
    """Let her choose the pictures of a new card, twice, before a witness: a station's device or the stub."""
    found = _card_in_hand(request)
    if found is None or found.pictures:
        return redirect("registry:pictures" if found else "registry:card")
    if not _is_witnessed(request, found):
        return _ask_stub(request, found)
    form = PicturesForm(request.POST)
    if not form.is_valid():
        return _show_first(request, [], [])
    picked, first = form.cleaned_data["picked"], form.cleaned_data["first"]
    if len(picked) < CHOSEN:
        return _show_first(request, picked, first)
    if not are_pictures(first):
        return _show_first(request, [], picked)
    if picked != first:
        return _show_first(request, [], [], problem=_("That was not the same twice. Please begin anew."))
    try:
        user = choose_pictures(card=found, pictures=picked)
    except RegistryError as error:
        return _leave(request, error)
    return _open_session(request, user)


def _take(request: HttpRequest, found: SignInCard | None, form: CardNumberForm) -> HttpResponse:
    """Keep which card is in hand; whoever was signed in here is signed out."""
    if found is None or found.cancelled_at is not None:
        messages.error(request, str(CardNotGood()))
        return redirect("registry:card")
    logout(request)
    request.session[_SESSION_KEY] = {"pk": found.pk, "witnessed": False}
    return redirect("registry:pictures")


def _card_in_hand(request: HttpRequest) -> SignInCard | None:
    kept: dict[str, Any] = request.session.get(_SESSION_KEY) or {}
    return SignInCard.objects.filter(pk=kept.get("pk", 0), cancelled_at=None).first()


def _is_witnessed(request: HttpRequest, found: SignInCard) -> bool:
    return device_of(request) is not None or bool(request.session[_SESSION_KEY]["witnessed"])


def _ask_stub(request: HttpRequest, found: SignInCard) -> HttpResponse:
    form = StubForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        if not is_within_limit(request, "card"):
            return ratelimit.respond_429(request)
        try:
            check_stub(card=found, code=form.cleaned_data["code"])
        except (CardClosed, CardNotGood, StaffSignsInHerself) as error:
            return _leave(request, error)
        except RegistryError as error:
            form.add_error("code", str(error))
        else:
            request.session[_SESSION_KEY] = {"pk": found.pk, "witnessed": True}
            return redirect("registry:first_pictures")
    return render(request, "registry/card/stub.html", {"form": form})


def _ask_card(request: HttpRequest, form: CardNumberForm) -> HttpResponse:
    return render(request, "registry/card/card.html", {"form": form, "device": device_of(request)})


def _show_pictures(request: HttpRequest, picked: list[str], *, problem: str = "") -> HttpResponse:
    context = {**_picture_context(picked), "problem": problem, "device": device_of(request)}
    return render(request, "registry/card/pictures.html", context)


def _show_first(
    request: HttpRequest, picked: list[str], first: list[str], *, problem: str = ""
) -> HttpResponse:
    context = {
        **_picture_context(picked),
        "first": ",".join(first),
        "is_again": bool(first),
        "problem": problem,
    }
    return render(request, "registry/card/first_pictures.html", context)


def _picture_context(picked: list[str]) -> dict[str, Any]:
    return {
        "pictures": shuffled_pictures(),
        "picked": ",".join(picked),
        "picked_pictures": [(key, PICTURES[key]) for key in picked],
        "places": range(1, CHOSEN + 1),
        "place": len(picked) + 1,
    }


def _leave(request: HttpRequest, error: RegistryError) -> HttpResponse:
    request.session.pop(_SESSION_KEY, None)
    messages.error(request, str(error))
    return redirect("registry:card")


def _open_session(request: HttpRequest, user: User) -> HttpResponse:
    request.session.pop(_SESSION_KEY, None)
    record_authentication(request, user, method="card")
    return perform_login(request, Login(user=user))
