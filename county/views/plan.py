"""The plan of a year: what every place is to reach, what it has reached, and who set that when."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from county.errors import CountyError
from county.glance_forms import TargetForm, YearForm
from county.queries.regions import newest_version
from county.queries.targets import plan_of
from county.services.targets import set_target
from county.views.access import desk_links, for_those_who_may, reach_of
from county.views.asking import region_choices
from registry.capabilities import Capability
from registry.models import RegionVersion, User


@for_those_who_may(Capability.READ_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Show the targets of a region and the places directly below it; a POST of the office sets one."""
    asked = YearForm(
        request.GET.dict(),
        regions=region_choices(request, request.GET.get("region", "")),
        today=timezone.localdate(),
    )
    context = desk_links(request) | {"asked": asked}
    if not asked.is_valid():
        return render(request, "county/plan.html", context)
    region, year = asked.cleaned_data["region"], asked.cleaned_data["year"]
    try:
        found = plan_of(region, year, timezone.localdate())
    except RegionVersion.DoesNotExist:
        raise Http404 from None
    may_set = reach_of(request).may(Capability.SET_TARGET, region)
    if request.method == "POST" and not may_set:
        raise Http404
    form = TargetForm(request.POST if request.method == "POST" else None, places=found.places)
    if request.method == "POST" and form.is_valid() and _set(request, form, year):
        return redirect(f"{reverse('county:plan')}?region={region}&year={year}")
    return render(
        request, "county/plan.html", context | {"plan": found, "form": form, "may_set": may_set, "year": year}
    )


def _set(request: HttpRequest, form: TargetForm, year: int) -> bool:
    given = form.cleaned_data
    assert isinstance(request.user, User)  # noqa: S101 - the decorator let her in
    try:
        set_target(
            place=newest_version(given["place"]),
            year=year,
            measure=given["measure"],
            value=given["value"],
            reason=given["reason"],
            by=request.user,
        )
    except CountyError as refusal:
        form.add_error("reason", str(refusal))
        return False
    messages.success(request, _("The target is set."))
    return True
