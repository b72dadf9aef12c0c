"""How long what is kept, and the hold that stops it: for the office, which answers for it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from registry.forms.retention import HoldForm
from registry.models import RetentionRule, User
from registry.permissions import can_hold_retention
from registry.services import hold_retention, release_retention
from registry.views.reveal import staff


@never_cache
@require_GET
def retention_list(request: HttpRequest) -> HttpResponse:
    """Every rule with its days, source and hold."""
    _holder(request)
    return _page(request, HoldForm())


@require_POST
def retention_hold(request: HttpRequest, subject: str) -> HttpResponse:
    """Stop a rule with a reason, or let it go on."""
    user = _holder(request)
    rule = get_object_or_404(RetentionRule, subject=subject)
    if "release" in request.POST:
        release_retention(rule=rule, by=user, request=request)
        messages.success(request, _("It goes on."))
        return redirect("retention_list")
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, form, subject)
    hold_retention(rule=rule, by=user, reason=form.cleaned_data["reason"], request=request)
    messages.success(request, _("Nothing of it is removed until you let it go on."))
    return redirect("retention_list")


def _holder(request: HttpRequest) -> User:
    if not can_hold_retention(request.user):
        raise Http404
    return staff(request)


def _page(request: HttpRequest, form: HoldForm, subject: str = "") -> HttpResponse:
    rules = RetentionRule.objects.select_related("held_by")
    context: dict[str, Any] = {
        "rows": [
            (rule, form if rule.subject == subject else HoldForm(auto_id=f"{rule.subject}_%s"))
            for rule in rules
        ],
    }
    return render(request, "registry/admin/retention.html", context)
