"""Saved views: kept, opened, deleted. Opening one is only going to its address."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from county.errors import CountyError
from county.glance_forms import SaveViewForm
from county.models import SavedView
from county.queries.regions import newest_version
from county.queries.saved_views import views_for
from county.services.saved_views import delete_view, save_view
from county.views.access import desk_links, for_those_who_may, reach_of
from registry.capabilities import Capability
from registry.models import User

_PAGES = {
    SavedView.Page.GLANCE: "county:desk",
    SavedView.Page.FIGURES: "county:figures",
    SavedView.Page.TILES: "county:tiles",
    SavedView.Page.COMPARE: "county:compare",
}


@for_those_who_may(Capability.READ_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """List the saved views; a POST keeps one."""
    scopes = reach_of(request).codes(Capability.READ_FIGURES)
    form = SaveViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _keep(request, form, scopes):
        return redirect("county:views")
    found = views_for(_user(request), scopes)
    context = desk_links(request) | {
        "views": [(one, one.owner_id == request.user.pk) for one in found],
        "form": form if request.method == "POST" else None,
    }
    return render(request, "county/views.html", context)


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def view(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Go to a saved view; the page there asks again who may see what."""
    scopes = reach_of(request).codes(Capability.READ_FIGURES)
    found = get_object_or_404(views_for(_user(request), scopes), uid=uid)
    return redirect(f"{reverse(_PAGES[SavedView.Page(found.page)])}?{found.query}")


@for_those_who_may(Capability.READ_FIGURES)
@require_POST
def delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Delete a view of her own."""
    delete_view(view=get_object_or_404(SavedView, uid=uid, owner=_user(request)))
    messages.success(request, _("The view is deleted."))
    return redirect("county:views")


def _keep(request: HttpRequest, form: SaveViewForm, scopes: list[str]) -> bool:
    asked = form.cleaned_data
    try:
        save_view(
            name=asked["name"],
            page=asked["page"],
            query=urlencode(list(QueryDict(asked["query"]).items())),
            is_shared=asked["is_shared"],
            office=newest_version(scopes[0] or settings.HOME_COUNTY),  # an administrator has no office
            by=_user(request),
        )
    except CountyError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The view is saved."))
    return True


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the decorator let her in
    return request.user
