"""One site of a sitting: the sheet printed and keyed in, the tutor's list, the code on the wall."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.classes import SheetForm
from courses.models import Evidence, SittingSite
from courses.queries.sheets import sheet_of
from courses.queries.sittings import PresenceRow, heads_at, presence_at
from courses.services import Tap, confirm_sitting, key_in_sheet, note_printing, receive_sheet, sync_taps
from courses.sheet_printing import render_sheet
from courses.views.class_door import StaffRequest, for_site
from courses.wall_codes import SECONDS, wall_code
from registry.capabilities import Capability
from registry.scans import type_of_scan
from registry.stations import device_of

C = Capability
_MOST_TAPS = 500
_CLOCK_OFF = 600  # seconds (A4)
_FIRST_BYTES = 16


@for_site(C.ENTER_CLASS_DATA)
@require_GET
def sheet_pdf(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Hand out the sheet to print; who printed whose last four is in the audit log."""
    sheet = sheet_of(site)
    pdf = render_sheet(sheet)
    note_printing(site=site, by=request.user, people=len(sheet.lines), request=request)
    name = f"sign-in-{sheet.class_label}-{site.sitting.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@for_site(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Key in the signed sheet: its heads, its scan, and who signed by pen or thumb."""
    form = SheetForm(request.POST or None, request.FILES or None, heads_before=site.heads_on_sheet)
    rows = presence_at(site.sitting, site)
    if form.is_valid():
        try:
            return _keep_sheet(request, site, form, rows)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "site": site,
        "sitting": site.sitting,
        "form": form,
        "rows": [(row, request.POST.get(f"kind-{row.uid}", "")) for row in rows],
        "keyed": heads_at(site),
    }
    return render(request, "courses/classes/key_in.html", context)


@for_site()
@require_GET
def scan(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Hand out the scan of the signed sheet."""
    if not site.sheet:
        return HttpResponse(status=404)
    with site.sheet.open() as kept:
        content = kept.read()
    kind, suffix = type_of_scan(content[:_FIRST_BYTES])
    name = f'inline; filename="sheet{suffix}"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


@for_site(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def tap_list(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Show the tutor's list, one tap a person; without JavaScript a tap is sent at once."""
    if request.method == "POST":
        place = _uuid(request.POST.get("enrolment"))
        token = _uuid(request.POST.get("token"))
        if place is None or token is None:
            return HttpResponseBadRequest()
        outcome = _sync(request, site, [Tap(place, token, timezone.now())], timezone.now(), "")
        if outcome[token]:
            messages.error(request, outcome[token])
        return redirect(f"{request.path}#{place}")
    rows = presence_at(site.sitting)
    context = {
        "site": site,
        "sitting": site.sitting,
        "rows": [(row, uuid4()) for row in rows],
        "present": sum(row.is_present for row in rows),
        "is_open": site.sitting.state in ("planned", "held"),
    }
    return render(request, "courses/classes/tap_list.html", context)


@for_site(C.ENTER_CLASS_DATA)
@require_POST
def taps(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Keep what a phone collected, perhaps offline; the answer says by token what was not kept and why."""
    try:
        sent = json.loads(request.body)
        device_time = _moment(sent["device_time"])
        device = str(sent["device"])[:40]
        collected = [
            Tap(UUID(each["enrolment"]), UUID(each["token"]), _moment(each["at"]))
            for each in sent["taps"][:_MOST_TAPS]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponseBadRequest()
    outcome = _sync(request, site, collected, device_time, device)
    off = round((device_time - timezone.now()).total_seconds())
    return JsonResponse(
        {
            "kept": [str(token) for token, why in outcome.items() if not why],
            "refused": {str(token): why for token, why in outcome.items() if why},
            "present": heads_at(site),
            "clock": _clock_note(off) if abs(off) > _CLOCK_OFF else "",
        }
    )


@for_site(C.ENTER_CLASS_DATA)
@require_GET
def wall(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Show the code for the wall; it changes by itself."""
    context = {"site": site, "sitting": site.sitting, "seconds": SECONDS, "present": heads_at(site)}
    return render(request, "courses/classes/wall.html", context)


@for_site(C.ENTER_CLASS_DATA)
@require_GET
def wall_picture(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Draw the code of this moment."""
    path = reverse("courses:here_code", args=[wall_code(site.uid)])
    drawn = BytesIO()
    code = segno.make(f"{settings.SITE_URL.rstrip('/')}{path}", error="m", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _keep_sheet(
    request: StaffRequest, site: SittingSite, form: SheetForm, rows: list[PresenceRow]
) -> HttpResponse:
    if form.cleaned_data["scan"]:
        receive_sheet(
            site=site, heads=form.cleaned_data["heads"], scan=form.cleaned_data["scan"], by=request.user
        )
    kinds = {row.enrolment: request.POST.get(f"kind-{row.uid}", "") for row in rows}
    signed = {place: kind for place, kind in kinds.items() if kind in (Evidence.PEN, Evidence.THUMB)}
    key_in_sheet(site=site, signed=signed, by=request.user)
    return _confirm_if_whole(request, site)


def _confirm_if_whole(request: StaffRequest, site: SittingSite) -> HttpResponse:
    """Confirm the sitting when every sheet agrees; else say what is still missing, and keep what came."""
    try:
        confirm_sitting(sitting=site.sitting, by=request.user)
    except CourseError as refusal:
        messages.warning(request, f"{_('The sheet is kept.')} {refusal}")
    else:
        messages.success(request, _("The sheet is kept and the sitting confirmed."))
    return redirect("courses:sitting", site.sitting.uid)


def _sync(
    request: StaffRequest, site: SittingSite, collected: list[Tap], device_time: datetime, device: str
) -> dict[UUID, str]:
    station = device_of(request)
    return sync_taps(
        site=site,
        taps=collected,
        device=f"station {station.pk}" if station else device,
        device_time=device_time,
        by=request.user,
        is_station=station is not None,
    )


def _clock_note(off: int) -> str:
    minutes = abs(off) // 60
    return ngettext(
        "The clock of this phone is wrong by %(minutes)d minute. Your list is kept with the right time.",
        "The clock of this phone is wrong by %(minutes)d minutes. Your list is kept with the right time.",
        minutes,
    ) % {"minutes": minutes}


def _moment(text: Any) -> datetime:
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise ValueError(text)
    return moment


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
