"""The office's pages for changes of places and for villages that no list holds, in the Wagtail admin.

Somebody else's record and one that does not exist give the same answer, 404.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.capabilities import Capability
from registry.errors import RegistryError
from registry.forms.region_changes import RegionChangeForm, VillageProposalForm
from registry.models import RegionVersion, User, VillageProposal
from registry.permissions import may
from registry.queries.region_changes import change_lines, changes_of_office, proposals_of_office, rows_at
from registry.region_plan import Plan
from registry.services import approve_village, refuse_village
from registry.views.access import user_who_may

_SHOWN = 200  # of the places that a preview lists; the numbers count all


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """All recorded changes that touched her office's places."""
    user = user_who_may(request, Capability.READ_PLACE_CHANGES)
    page = Paginator(changes_of_office(user), 20).get_page(request.GET.get("p"))
    context = {
        "page": page,
        "lines": change_lines(page.object_list),
        "may_record": may(user, Capability.RECORD_PLACE_CHANGE),
    }
    return render(request, "registry/admin/change_list.html", context)


@require_http_methods(["GET", "POST"])
def change_record(request: HttpRequest) -> HttpResponse:
    """The form; sent once it shows what would move, confirmed as shown it is recorded."""
    form = RegionChangeForm(request.POST or None, user=user_who_may(request, Capability.RECORD_PLACE_CHANGE))
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("confirm") == form.fingerprint:
            change = form.save()
            if change is not None:
                messages.success(request, _("The change is recorded."))
                return redirect("change_list")
        elif plan := form.preview():
            context |= {"preview": _preview(plan)}
    return render(request, "registry/admin/change_record.html", context)


@require_http_methods(["GET", "POST"])
def village_list(request: HttpRequest) -> HttpResponse:
    """Proposed villages with their decisions, and the form to propose one."""
    user = user_who_may(request, Capability.DECIDE_VILLAGE)
    form = VillageProposalForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and (proposal := form.save()):
        messages.success(
            request, _("%(name)s waits for somebody else to approve it.") % {"name": proposal.name}
        )
        return redirect("village_list")
    page = Paginator(proposals_of_office(user), 20).get_page(request.GET.get("p"))
    return render(
        request,
        "registry/admin/village_list.html",
        {"page": page, "form": form, "rows": _with_towns(page, user)},
    )


@require_POST
def village_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse a proposed village."""
    user = user_who_may(request, Capability.DECIDE_VILLAGE)
    proposal = get_object_or_404(proposals_of_office(user), pk=pk)
    decide = approve_village if "approve" in request.POST else refuse_village
    try:
        decide(proposal=proposal, by=user)
    except RegistryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your decision is recorded."))
    return redirect("village_list")


def _preview(plan: Plan) -> dict[str, Any]:
    regions = {*plan.moved, *plan.ended}
    versions = RegionVersion.objects.filter(region__in=regions, valid__endswith=None)
    old = {version.region_id: version for version in versions}
    moves = [(old.get(o.region) if isinstance(o.region, int) else None, o) for o in plan.openings]
    unallocated = set(plan.unallocated)
    ends = [(old[pk], pk in unallocated) for pk in plan.ended]
    return {
        "moved": len(plan.moved),
        "made": len(plan.openings) - len(plan.moved),
        "ended": len(plan.ended),
        "unallocated": len(unallocated),
        "rows": rows_at(regions),
        "moves": moves[:_SHOWN],
        "ends": ends[:_SHOWN],
        "hidden": max(0, len(moves) - _SHOWN) + max(0, len(ends) - _SHOWN),
    }


def _with_towns(page: Any, user: User) -> list[tuple[VillageProposal, str, bool]]:
    proposals = list(page.object_list)
    towns = RegionVersion.objects.filter(region__in=[p.town_id for p in proposals]).order_by("valid")
    names = {version.region_id: version.name for version in towns}
    waiting = VillageProposal.State.PROPOSED
    return [
        (p, names.get(p.town_id, ""), p.state == waiting and p.proposed_by_id != user.pk) for p in proposals
    ]
