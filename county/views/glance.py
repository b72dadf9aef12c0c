"""The desk's first page: the month and the year against the plan, and what waits for the office."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from county.conversion import IncomeChange, income_change
from county.counting import month_after
from county.glance import lines, months_of
from county.glance_forms import GlanceForm
from county.plan import elapsed_of
from county.queries import answer
from county.queries.glance import open_flags, waiting_in
from county.queries.targets import progress_of
from county.questions import Question
from county.views.access import desk_links, for_those_who_may, reach_of
from county.views.asking import FigureLinks, region_choices, saving, sees_status_in
from courses.models import IncomeDeclaration
from registry.capabilities import Capability
from registry.models import RegionVersion

# What only the page of figures understands: addresses from before this page keep their answer.
_OF_FIGURES = {"by", "since", "until", "view", "course", "category", "cadres", "map"}


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def glance(request: HttpRequest) -> HttpResponse:
    """Show how the year goes in a region."""
    if _OF_FIGURES & request.GET.keys():
        return redirect(f"{reverse('county:figures')}?{request.GET.urlencode()}")
    choices = region_choices(request, request.GET.get("region", ""))
    form = GlanceForm(request.GET.dict(), regions=choices, today=timezone.localdate())
    context = desk_links(request) | {"form": form, "save": saving(request, "glance")}
    if form.is_valid():
        context |= _of_the_year(request, form.question) | _waiting(request, form.question)
    return render(request, "county/glance.html", context)


def _of_the_year(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Count the year by month: the total is the year's, one of the rows the month's."""
    try:
        counted = answer(question.asked(), "month")
    except RegionVersion.DoesNotExist:
        raise Http404 from None
    of_month = Question(question.region, question.until, question.until, by=question.by)
    links = desk_links(request)["may_read_people"], sees_status_in(request, question.region)
    month, year = counted.rows[-1], counted.total
    figures = f"{reverse('county:figures')}?"
    addresses = {row.key: figures + question.query(since=row.key, until=row.key) for row in counted.rows}
    return {
        "count": counted,
        "question": question,
        "month": question.until,
        "month_query": of_month.query(),
        "progress": progress_of(question.region, question.since.year, year),
        "month_row": month,
        "elapsed": elapsed_of(question.since.year, _last_day(question)),
        "lines": lines(
            month, year, FigureLinks(of_month, *links).of(month), FigureLinks(question, *links).of(year)
        ),
        "months": months_of(counted, addresses),
        "most": max(row.person_times for row in counted.rows),
        "income": _bands(income_change(question.region, question.since, question.until)),
    }


def _last_day(question: Question) -> date:
    """Return the last day that is counted: today, or where an earlier month is looked at, its last."""
    return min(timezone.localdate(), month_after(question.until) - timedelta(days=1))


def _waiting(request: HttpRequest, question: Question) -> dict[str, Any]:
    asked = question.asked()
    return {
        "waiting": waiting_in(asked),
        "flags": open_flags(reach_of(request).codes(Capability.READ_PEOPLE), asked),
        "may_set_target": reach_of(request).may(Capability.SET_TARGET, question.region),
    }


def _bands(change: IncomeChange | None) -> dict[str, Any] | None:
    """Put the medians in words; fewer than ten who declared both say nothing (R14)."""
    if change is None:
        return None
    band = IncomeDeclaration.Band
    return {
        "declared": change.declared,
        "before": band(change.median_before).label,
        "after": band(change.median_after).label,
    }
