"""Two periods or two places side by side."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from county.comparison import Compared
from county.comparison import compare as compared
from county.counting import Count
from county.glance_forms import CompareForm
from county.queries import answer
from county.questions import Question
from county.views.access import desk_links, for_those_who_may
from county.views.asking import FigureLinks, chart_code, region_choices, saving, sees_status_in
from registry.capabilities import Capability
from registry.models import RegionVersion

_DRAWN = ("person_times", "heads", "poor_heads", "women", "completed", "certificates")


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show the figures of two questions with their difference, as table and chart."""
    choices = _choices(request)
    form = CompareForm(request.GET.dict(), regions=choices, today=timezone.localdate())
    context = desk_links(request) | {"form": form, "save": saving(request, "compare")}
    if form.is_valid():
        context |= _side_by_side(request, *form.questions)
    return render(request, "county/compare.html", context)


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the regions to choose from, with both that are asked about; 404 where she may not read one."""
    choices = region_choices(request, request.GET.get("region", ""))
    other = request.GET.get("other_region", "")
    if not other or other in dict(choices):
        return choices
    return choices + [(code, name) for code, name in region_choices(request, other) if code == other]


def _side_by_side(request: HttpRequest, first: Question, second: Question) -> dict[str, Any]:
    try:
        counts = [answer(question.asked()) for question in (first, second)]
    except RegionVersion.DoesNotExist:
        raise Http404 from None
    lines = compared(counts[0].total, counts[1].total)
    reads_people = desk_links(request)["may_read_people"]
    links = [
        FigureLinks(question, reads_people, sees_status_in(request, question.region)).of(count.total)
        for question, count in zip((first, second), counts, strict=True)
    ]
    names = [_name(count) for count in counts]
    return {
        "names": names,
        "questions": (first, second),
        "lines": [(line, links[0].get(line.name, ""), links[1].get(line.name, "")) for line in lines],
        "chart": _chart(names, lines),
        "chart_code": chart_code(),
        "has_people": any(count.total.person_times for count in counts),
    }


def _name(count: Count) -> str:
    return _("{region}, {since} – {until}").format(
        region=count.region_name, since=f"{count.since:%Y-%m}", until=f"{count.until:%Y-%m}"
    )


def _chart(names: list[str], lines: list[Compared]) -> dict[str, Any]:
    drawn = [line for line in lines if line.name in _DRAWN]
    return {
        "kind": "bar",
        "labels": [line.label for line in drawn],
        "series": [
            {"name": names[0], "values": [line.first_size for line in drawn]},
            {"name": names[1], "values": [line.second_size for line in drawn]},
        ],
    }
