"""The map of villages as tiles by town: where nobody was trained is what the office looks for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from county.coverage import LEGEND
from county.glance_forms import TilesForm
from county.monthly_form import region_line
from county.queries.coverage import coverage_of
from county.views.access import desk_links, for_those_who_may
from county.views.asking import region_choices, saving
from registry.capabilities import Capability
from registry.models import RegionVersion
from registry.queries.places import COUNTY_CODE_LENGTH


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def tiles(request: HttpRequest) -> HttpResponse:
    """Show every village of a region by how many of its people were trained."""
    choices = region_choices(request, request.GET.get("region", ""))
    form = TilesForm(request.GET.dict(), regions=choices, today=timezone.localdate())
    context = desk_links(request) | {"form": form, "save": saving(request, "tiles")}
    if form.is_valid():
        question = form.question
        try:
            coverage = coverage_of(question.asked())
        except RegionVersion.DoesNotExist:
            raise Http404 from None
        is_wide = len(question.region) < COUNTY_CODE_LENGTH
        context |= {
            "question": question,
            "coverage": coverage,
            "is_wide": is_wide,
            "legend": LEGEND,
            "note": region_line(coverage.count),
            "period": f"since={question.since:%Y-%m}&until={question.until:%Y-%m}&map={question.map}",
        }
    return render(request, "county/tiles.html", context)
