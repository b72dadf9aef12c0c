"""The office's desk: the count, the people behind it, the workbook, and the classes."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from county.counting import NOW, Count, share_text
from county.exports import workbook_of
from county.forms import CloseClassForm, CountForm
from county.monthly_form import cells, columns, first_heading, notes
from county.permissions import can_close_class, can_read_counts
from county.queries import (
    answer,
    class_attendance,
    classes_in,
    people_behind,
    regions_to_read,
    unprintable_in,
)
from courses.errors import CourseError
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.models import RegionVersion
from registry.permissions import capabilities_of, may, organisations_of, scope_codes
from registry.services import record_direct_export

View = Callable[..., HttpResponse]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_LENGTH = 50


def for_those_who_may(*capabilities: Capability) -> Callable[[View], View]:
    """Let in who may do all of it somewhere; send visitors to sign in, and everybody else finds nothing."""

    def decorator(view: View) -> View:
        @login_required
        @never_cache
        @wraps(view)
        def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not all(may(request.user, capability) for capability in capabilities):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the figures of a region and period, as headline, table and chart."""
    form = _asked(request)
    if not form.is_valid():
        return _ask_again(request, form)
    counted = _count(form)
    context = _links(request) | {
        "form": form,
        "question": form.question,
        "count": counted,
        "shares": [
            share_text(counted.total.poor_share_person_times),
            share_text(counted.total.poor_share_heads),
        ],
        "rows": [(row, _deeper(form, counted, row.key), cells(row)) for row in counted.rows],
        "total_cells": cells(counted.total),
        "columns": columns(),
        "heading": first_heading(counted.by),
        "notes": notes(counted),
        "chart": _chart(counted),
        "chart_code": _chart_code(),
    }
    return render(request, "county/desk.html", context)


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures as a workbook."""
    form = _asked(request, Capability.EXPORT)
    if not form.is_valid():
        return _ask_again(request, form)
    counted = _count(form)
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


@for_those_who_may(Capability.READ_FIGURES, Capability.READ_PEOPLE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the person-times behind the figures, names masked."""
    form = _asked(request, Capability.READ_PEOPLE)
    if not form.is_valid():
        return _ask_again(request, form)
    question = form.question
    counted = _count(form)
    page = Paginator(range(counted.total.person_times), PAGE_LENGTH).get_page(request.GET.get("page"))
    found = people_behind(question.asked(), first=max(page.start_index() - 1, 0), most=PAGE_LENGTH)
    context = {"form": form, "question": question, "count": counted, "page_obj": page, "person_times": found}
    return render(request, "county/people.html", context)


@for_those_who_may(Capability.READ_CLASSES)
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """List the classes of her counties or training body, and the certificates that could not be printed."""
    found = classes_in(
        scope_codes(request.user, Capability.READ_CLASSES),
        organisations_of(request.user, Capability.READ_CLASSES),
    )
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    unprintable = unprintable_in(scope_codes(request.user, Capability.READ_CERTIFICATES))
    context = _links(request) | {"page_obj": page, "unprintable": list(unprintable[:PAGE_LENGTH])}
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


def _asked(request: HttpRequest, capability: Capability = Capability.READ_FIGURES) -> CountForm:
    """Return the bound form; a region where she may not do this, or not count, is as good as unknown."""
    region = request.GET.get("region", "")
    if region and not may(request.user, capability, code=region):
        raise Http404
    if region and capability != Capability.READ_FIGURES and not can_read_counts(request.user, region):
        raise Http404
    codes = scope_codes(request.user, capability)
    choices = regions_to_read(codes, region)
    if not choices or (region and region not in dict(choices)):
        raise Http404
    return CountForm(request.GET.dict(), regions=choices, today=timezone.localdate())


def _ask_again(request: HttpRequest, form: CountForm) -> HttpResponse:
    return render(request, "county/desk.html", _links(request) | {"form": form})


def _links(request: HttpRequest) -> dict[str, bool]:
    """What of the desk is open to her: the pages check again."""
    allowed = capabilities_of(request.user)
    return {
        "may_read_figures": Capability.READ_FIGURES in allowed,
        "may_read_people": Capability.READ_PEOPLE in allowed,
        "may_read_classes": Capability.READ_CLASSES in allowed,
        "may_export": Capability.EXPORT in allowed,
        "may_close": Capability.CLOSE_CLASS in allowed,
    }


def _count(form: CountForm) -> Count:
    question = form.question
    try:
        return answer(question.asked(), question.by)
    except RegionVersion.DoesNotExist:
        raise Http404 from None


def _deeper(form: CountForm, counted: Count, key: str) -> str:
    """Return the query string that leads from a row to what lies below it, or an empty text."""
    if counted.by == "county" and key:
        return form.question.query(region=key, by="town")
    if counted.by == "town" and key:
        return form.question.query(region=key, by="village")
    if counted.by == "month":
        return form.question.query(since=key, until=key, by="town")
    return ""


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


def _chart_code() -> str:
    """Return the address of the chart library, or an empty text where `make setup` has not put it."""
    try:
        return staticfiles_storage.url("echarts/echarts.simple.min.js")
    except ValueError:
        return ""
