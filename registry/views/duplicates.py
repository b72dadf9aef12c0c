"""The duplicate desk in the Wagtail admin: likely pairs of the office's places, side by side.

A record of another county and one that does not exist give the same answer, 404; nothing of it is counted.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.capabilities import Capability
from registry.duplicates import suggest_kept
from registry.errors import RegistryError
from registry.forms.duplicates import SAME, DecisionForm, UndoForm
from registry.models import Person, User
from registry.permissions import can_merge_people, scope_codes
from registry.queries.audit import region_code_of
from registry.queries.duplicates import likely_pairs, merges_within, shown_pairs
from registry.queries.merge_preview import merge_preview
from registry.queries.people import is_same_person
from registry.queries.person_facts import compared_facts, reasons_of
from registry.views.access import user_who_may

_PAGE_SIZE = 20


@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """All likely pairs of her places, the likeliest and newest first."""
    pairs = likely_pairs(_scopes(_office_user(request)))
    page = Paginator(pairs, _PAGE_SIZE).get_page(request.GET.get("p"))
    context = {"page": page, "pairs": shown_pairs(list(page.object_list))}
    return render(request, "registry/admin/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_pair(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """Two records side by side, what merging them changes, and the decision."""
    user = _office_user(request)
    one, other = _record(user, first), _record(user, second)
    if is_same_person(one, other):
        messages.info(request, _("These two are one person already."))
        return redirect("duplicate_list")
    form = DecisionForm(request.POST or None, first=one, second=other)
    if request.method == "POST" and form.is_valid() and _is_decided(request, user, form):
        return _onward(user)
    return render(request, "registry/admin/duplicates_pair.html", _pair_context(form, one, other))


def _is_decided(request: HttpRequest, user: User, form: DecisionForm) -> bool:
    try:
        form.save(by=user, request=request)
    except RegistryError as error:
        form.add_error(None, str(error))
        return False
    done = form.cleaned_data["verdict"]
    said = _("The two records are one person now.") if done == SAME else _("Your decision is recorded.")
    messages.success(request, said)
    return True


def _onward(user: User) -> HttpResponse:
    """To the next pair, so that decisions follow one another; to the list when none is left."""
    following = shown_pairs(likely_pairs(_scopes(user))[:1])
    if not following:
        return redirect("duplicate_list")
    return redirect("duplicate_pair", first=following[0].first.uid, second=following[0].second.uid)


def _pair_context(form: DecisionForm, one: Person, other: Person) -> dict[str, Any]:
    kept, _absorbed = suggest_kept(one, other)
    reasons = reasons_of(one, other)
    return {
        "form": form,
        "facts": compared_facts(one, other),
        "reasons": reasons,
        "sections": merge_preview(one, other),
        "kept": form["kept"].value() or str(kept.uid),
        "reason": form["reason"].value() or " · ".join(reasons),
    }


@require_GET
def merge_list(request: HttpRequest) -> HttpResponse:
    """The merges of her places, newest first, each with its way back."""
    merges = merges_within(_scopes(_office_user(request)))
    page = Paginator(merges, _PAGE_SIZE).get_page(request.GET.get("p"))
    return render(request, "registry/admin/duplicates_merges.html", {"page": page})


@require_POST
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two people of one again."""
    user = _office_user(request)
    merge = get_object_or_404(merges_within(_scopes(user)), pk=pk)
    form = UndoForm(request.POST)
    try:
        if form.is_valid():
            form.save(merge=merge, by=user, request=request)
            messages.success(request, _("The two records are two people again."))
        else:
            messages.error(request, _("Please give a shorter reason."))
    except RegistryError as error:
        messages.error(request, str(error))
    return redirect("merge_list")


def _office_user(request: HttpRequest) -> User:
    return user_who_may(request, Capability.DECIDE_DUPLICATES)


def _scopes(user: User) -> list[str]:
    return scope_codes(user, Capability.DECIDE_DUPLICATES)


def _record(user: User, uid: UUID) -> Person:
    """Return the record that stands for whoever bears `uid`; all she has must lie in the user's places."""
    found = get_object_or_404(Person.objects.select_related("village", "kept_as__village"), uid=uid)
    today = timezone.localdate()
    records = [found, found.kept_as] if found.kept_as else [found]
    if not can_merge_people(user, [region_code_of(record, today) for record in records]):
        raise Http404
    return records[-1]
