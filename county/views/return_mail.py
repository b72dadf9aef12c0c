"""Signed returns on their way to the officer herself: her choice, and taking notices off her desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from county.mail_forms import ReturnMailForm
from county.services.return_mail import note_returns
from county.views.access import desk_links, for_those_who_may
from registry.capabilities import Capability


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest) -> HttpResponse:
    """Ask whether and where she wants signed returns."""
    form = ReturnMailForm(request.POST if request.method == "POST" else None, reader=request.user)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is kept."))
        return redirect("county:returns")
    return render(request, "county/return_mail.html", desk_links(request) | {"form": form})


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """Take the notices of signed returns off her desk."""
    note_returns(reader=request.user)  # type: ignore[arg-type]
    return redirect("county:returns")
