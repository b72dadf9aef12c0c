"""Her rehearsals with their state, and who may record and see them."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livestream.forms import RehearsalConsentForm, StartRehearsalForm
from livestream.models import LiveSession, RunOfShow
from livestream.queries import REHEARSAL_CONSENTS, rehearsal_consents, rehearsal_of, reviewed_rehearsals_of
from livestream.services import decide_rehearsal_consent, start_rehearsal
from livestream.views.run_of_show import of_owner
from registry.consent_effects import AGREED, REFUSED, TITLES
from registry.errors import RegistryError
from registry.models import Consent, Person
from registry.queries.consent import current_consent_text
from registry.queries.people import introduction_of, person_of
from registry.stations import is_assisted, stay_open


@require_GET
@login_required
@never_cache
def rehearsals(request: HttpRequest) -> HttpResponse:
    """List her rehearsals; one without a person says first who she is."""
    person = person_of(request.user)
    if person is None:
        return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
    response = render(
        request,
        "livestream/rehearsals.html",
        {"rehearsals": reviewed_rehearsals_of(person), "consents": rehearsal_consents(person)},
    )
    stay_open(request, response, settings.STATION_IDLE_SECONDS)  # the room had made it longer
    return response


@require_POST
@of_owner
def start(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Open the room for the next rehearsal of a run-of-show; the same click twice opens one."""
    form = StartRehearsalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Something was missing. Please try again."))
        return redirect("livestream:run", run.uid)
    session = start_rehearsal(
        person=run.person,
        run=run,
        client_token=form.cleaned_data["client_token"],
        user=request.user,  # type: ignore[arg-type]
    )
    return redirect("livestream:room", session.uid)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def rehearsal_consent(request: HttpRequest) -> HttpResponse:
    """Ask by itself for each consent about rehearsals; taking back is one press too.

    On the way to a room, and in a session that somebody helped to open, only the recording is asked for: she
    stands before the camera herself. The others she decides alone and at leisure.
    """
    person = person_of(request.user)
    if person is None:
        return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
    waiting = _waiting_room(person, request.GET.get("room", ""))
    items = REHEARSAL_CONSENTS[:1] if waiting or is_assisted(request) else REHEARSAL_CONSENTS
    if request.method == "POST":
        return _decide(request, person, waiting, items)
    agreed = rehearsal_consents(person)
    sentences = current_consent_text(get_language() or "").items
    switches = [
        {
            "item": item.value,
            "title": TITLES[item],
            "sentence": sentences.get(item, ""),
            "is_on": agreed[item],
            "effect": (AGREED if agreed[item] else REFUSED)[item],
        }
        for item in items
        if item in sentences
    ]
    return render(request, "livestream/rehearsal_consent.html", {"switches": switches, "waiting": waiting})


def _decide(
    request: HttpRequest, person: Person, waiting: LiveSession | None, items: tuple[Consent.Item, ...]
) -> HttpResponse:
    form = RehearsalConsentForm(request.POST)
    here = f"{reverse('livestream:rehearsal_consent')}{f'?room={waiting.uid}' if waiting else ''}"
    if not form.is_valid() or form.cleaned_data["item"] not in items:
        messages.error(request, _("Something was missing. Please try again."))
        return redirect(here)
    item, agrees = form.cleaned_data["item"], form.cleaned_data["agree"]
    try:
        decide_rehearsal_consent(
            person=person,
            item=item,
            agrees=agrees,
            by=request.user,  # type: ignore[arg-type]
            language=get_language() or "",
            request=request,
        )
    except RegistryError as refusal:
        messages.error(request, str(refusal))
        return redirect(here)
    if waiting and agrees and item == Consent.Item.RECORD_REHEARSAL:
        return redirect("livestream:room", waiting.uid)
    said, effect = (_("You agree."), AGREED[item]) if agrees else (_("Taken back."), REFUSED[item])
    messages.success(request, f"{said} {effect}")
    return redirect(here)


def _waiting_room(person: Person, uid: str) -> LiveSession | None:
    """Return the rehearsal she was on her way to, if any."""
    try:
        return rehearsal_of(person, uuid.UUID(uid))
    except ValueError:
        return None
