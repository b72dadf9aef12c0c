"""The office's desk: the figures, their workbook, and the classes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from county.counting import NOW, Count, share_text
from county.exports import workbook_of
from county.forms import CloseClassForm
from county.monthly_form import notes
from county.permissions import can_close_class
from county.queries import CLASS_CHOICES, class_attendance, classes_in, classes_to_show, unprintable_in
from county.views.access import desk_links, for_those_who_may, reach_of
from county.views.asking import (
    FigureLinks,
    ask_again,
    asked_form,
    chart_code,
    counted_for,
    figure_table,
    may_see_status,
    narrowing,
    saving,
    trail,
)
from courses.errors import CourseError
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may, organisations_of, scope_codes
from registry.services import record_direct_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_LENGTH = 50


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a region and period, as headline, table and chart."""
    form = asked_form(request)
    if not form.is_valid():
        return ask_again(request, form)
    counted = counted_for(form)
    links = FigureLinks(form.question, desk_links(request)["may_read_people"], may_see_status(request, form))
    table = figure_table(counted, links, sort=request.GET.get("sort", ""))
    context = desk_links(request) | {
        "form": form,
        "question": form.question,
        "count": counted,
        "links": links.of(counted.total),
        "shares": [
            share_text(counted.total.poor_share_person_times),
            share_text(counted.total.poor_share_heads),
        ],
        "table": table,
        "trail": trail(form.question, reach_of(request).codes(Capability.READ_FIGURES)),
        "narrowing": narrowing(form.question, counted),
        "notes": notes(counted),
        "chart": _chart(counted),
        "chart_code": chart_code(),
        "save": saving(request, "figures"),
    }
    return render(request, "county/figures.html", context)


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures as a workbook."""
    form = asked_form(request, Capability.EXPORT)
    if not form.is_valid():
        return ask_again(request, form)
    counted = counted_for(form)
    now = timezone.now()
    book = workbook_of(counted, maker=str(request.user), made_at=now)
    record_direct_export(
        actor=request.user,  # type: ignore[arg-type]
        kind="county_count",
        region_code=counted.region_code,
        rows=len(counted.rows),
        request=request,
        now=now,
    )
    period = f"{counted.since:%Y%m}-{counted.until:%Y%m}"
    places = "-now" if counted.on_map == NOW else ""
    name = f"count-{counted.region_code}-{period}-{counted.by}{places}.xlsx"
    return HttpResponse(
        book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@for_those_who_may(Capability.READ_CLASSES)
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """List the classes of her counties or training body, and the certificates that could not be printed."""
    found = classes_in(
        scope_codes(request.user, Capability.READ_CLASSES),
        organisations_of(request.user, Capability.READ_CLASSES),
    )
    shown, region = request.GET.get("show", ""), request.GET.get("region", "")
    if region and not may(request.user, Capability.READ_CLASSES, code=region):
        raise Http404
    found = classes_to_show(found, shown, region, timezone.localdate())
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    unprintable = unprintable_in(scope_codes(request.user, Capability.READ_CERTIFICATES))
    context = desk_links(request) | {
        "page_obj": page,
        "unprintable": list(unprintable[:PAGE_LENGTH]),
        "shown": shown,
        "region": region,
        "choices": CLASS_CHOICES,
    }
    return render(request, "county/classes.html", context)


@for_those_who_may(Capability.CLOSE_CLASS)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what closing a class means, and close it when the office is sure."""
    training_class = get_object_or_404(TrainingClass.objects.select_related("course"), uid=uid)
    if not can_close_class(request.user, training_class):
        raise Http404
    form = CloseClassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(training_class=training_class, by=request.user)  # type: ignore[arg-type]
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The class is closed; its person-times count now."))
            return redirect("county:classes")
    places, attended = class_attendance(training_class)
    context = {"form": form, "training_class": training_class, "places": places, "attended": attended}
    return render(request, "county/close_class.html", context | {"today": timezone.localdate()})


def _chart(counted: Count) -> dict[str, Any]:
    rows = counted.rows if counted.by == "month" else [row for row in counted.rows if row.heads]
    return {
        "kind": "line" if counted.by == "month" else "bar",
        "labels": [row.label for row in rows],
        "series": [
            {"name": _("Person-times"), "values": [row.person_times for row in rows]},
            {"name": _("Heads"), "values": [row.heads for row in rows]},
            {"name": _("Poor at enrolment, heads"), "values": [row.poor_heads for row in rows]},
        ],
    }
