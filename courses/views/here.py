"""Villagers and taught classes: joining one, and signing in by the code on the wall or at a station."""

import time
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.errors import CourseError, WallCodeOver
from courses.models import Evidence, Sitting, SittingSite, TrainingClass, WaitingPlace
from courses.queries.classes import joinable_classes, my_class_places
from courses.queries.sittings import sign_in_places
from courses.services import Proof, give_up_place, sign_in_herself, stop_waiting, take_place
from courses.services.places import place_of
from courses.views.class_door import StaffRequest, attempt
from courses.wall_codes import site_of_code
from registry.models import Person
from registry.queries.people import introduction_of, person_of
from registry.queries.places import version_on
from registry.stations import device_of, is_assisted

_SESSION_KEY = "wall"
_STAYS = 15 * 60  # seconds between scanning the wall and pressing the button: time to sign in


@never_cache
@login_required
@require_GET
def join_list(request: StaffRequest) -> HttpResponse:
    """List the taught classes of her county that she may join."""
    person = person_of(request.user)
    if person is None:
        return _introduce(request)
    mine = my_class_places(person)
    classes = joinable_classes(person, timezone.localdate())
    context = {"rows": [(each, mine.get(each.pk, "")) for each in classes]}
    return render(request, "courses/classes/join.html", context)


@login_required
@require_POST
def join(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take a place, or one on the waiting list."""
    person = person_of(request.user)
    if person is None:
        return _introduce(request)
    training_class = _joinable(person, uid)
    try:
        taken = take_place(training_class=training_class, person=person)
    except CourseError as refusal:
        messages.error(request, str(refusal))
    else:
        waits = isinstance(taken, WaitingPlace)
        said = _("The class is full. You are on the waiting list.") if waits else _("You have a place.")
        messages.success(request, said)
    return redirect("courses:join_list")


@login_required
@require_POST
def leave(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give up her own place, or stop waiting."""
    person = person_of(request.user)
    if person is None:
        return _introduce(request)
    mine = place_of(_joinable(person, uid), person)
    if mine is None:
        return redirect("courses:join_list")
    if isinstance(mine, WaitingPlace):
        return attempt(
            request, lambda: stop_waiting(waiting=mine), _("You no longer wait."), "courses:join_list"
        )
    return attempt(
        request,
        lambda: give_up_place(enrolment=mine, reason=_("given up by herself")),
        _("Your place is free for others now."),
        "courses:join_list",
    )


@never_cache
@require_GET
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Remember that this phone saw the wall just now; a code that is over says so."""
    site = site_of_code(code)
    if site is None:
        return render(request, "courses/classes/wall_over.html", {"why": WallCodeOver.message}, status=410)
    request.session[_SESSION_KEY] = [str(site), time.time()]
    return redirect("courses:here")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: StaffRequest) -> HttpResponse:
    """Let her sign in to a sitting of hers that is on now: she stands before the wall, or at the station."""
    person = person_of(request.user)
    if person is None:
        return _introduce(request)
    places = sign_in_places(person, timezone.now())
    if request.method == "POST":
        return _sign_in(request, person)
    seen = _seen_site(request)
    context = {"places": places, "seen": seen, "at_station": _proof_for(request, None) is not None}
    return render(request, "courses/classes/here.html", context)


def _sign_in(request: StaffRequest, person: Person) -> HttpResponse:
    uid = request.POST.get("sitting", "")
    now = timezone.now()
    found = [each for each in sign_in_places(person, now) if str(each.sitting.uid) == uid]
    if not found:
        messages.error(request, _("This sitting is not on now."))
        return redirect("courses:here")
    mine = found[0]
    seen = _seen_site(request)
    site = seen if seen and seen.sitting_id == mine.sitting.pk else None
    proof = _proof_for(request, site, mine.sitting)
    if proof is None:
        messages.error(request, _("Scan the code on the wall, or go to the station's device."))
        return redirect("courses:here")
    return attempt(
        request,
        lambda: sign_in_herself(
            enrolment=mine.enrolment, sitting=mine.sitting, site=site, proof=proof, now=now
        ),
        _("You are signed in."),
        "courses:here",
    )


def _proof_for(
    request: StaffRequest, site: SittingSite | None, sitting: Sitting | None = None
) -> Proof | None:
    """Return what her sign-in rests on here: the wall of that site, or a station's device of the county."""
    if site is not None:
        return Proof(Evidence.QR)
    device = device_of(request)
    if device is None or is_assisted(request):
        return None
    version = version_on(device.region, timezone.localdate())
    county = sitting.training_class.county_code if sitting else ""
    if version is None or not version.code.startswith(county):
        return None
    return Proof(Evidence.PIN, device=f"station {device.pk}", is_station=True)


def _seen_site(request: StaffRequest) -> SittingSite | None:
    """Return the site whose wall this phone saw a moment ago."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or time.time() - kept[1] > _STAYS:
        return None
    return SittingSite.objects.filter(uid=kept[0]).select_related("sitting__training_class__course").first()


def _joinable(person: Person, uid: UUID) -> TrainingClass:
    return get_object_or_404(joinable_classes(person, timezone.localdate()), uid=uid)


def _introduce(request: StaffRequest) -> HttpResponse:
    return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
