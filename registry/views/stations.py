"""A village station's device: who comes next, who is done, and which devices there are."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.forms.stations import DeviceForm
from registry.permissions import helping_scopes
from registry.queries.sign_in import devices_in, places_in
from registry.services import register_device, revoke_device
from registry.stations import begin_short_session, device_of, forget_person, remember_device
from registry.views.sign_in import SignedInRequest

P = ParamSpec("P")
HelperView = Callable[Concatenate[SignedInRequest, list[str], P], HttpResponse]


def for_helpers(view: HelperView[P]) -> Callable[..., HttpResponse]:
    """Let in whoever helps people to sign in, and give the view her region codes; others find nothing."""

    @login_required
    @never_cache
    @wraps(view)
    def wrapper(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        scopes = helping_scopes(request.user)
        if not scopes:
            raise Http404
        return view(request, scopes, *args, **kwargs)

    return wrapper


@never_cache
@require_GET
def station(request: HttpRequest) -> HttpResponse:
    """Ask who comes next; elsewhere than on a registered device this is just the sign-in page."""
    device = device_of(request)
    if device is None:
        return redirect("account_login")
    return render(request, "registry/station/station.html", {"device": device})


@never_cache
@require_POST
def done(request: HttpRequest) -> HttpResponse:
    """End the session of whoever used the device, and have the browser forget what it kept of her."""
    is_station = device_of(request) is not None
    logout(request)
    return forget_person(redirect("registry:station" if is_station else "account_login"))


@for_helpers
@require_http_methods(["GET", "HEAD", "POST"])
def station_devices(request: SignedInRequest, scopes: list[str]) -> HttpResponse:
    """List the devices of her places, and make this one a station's."""
    today = timezone.localdate()
    form = DeviceForm(request.POST or None, places=places_in(scopes, today).select_related("region"))
    if form.is_valid() and device_of(request) is None:
        device, token = register_device(
            name=form.cleaned_data["name"], region=form.region, by=request.user, request=request
        )
        begin_short_session(request, device=device)  # her own is the first that ends by itself here
        messages.success(request, _("This device now belongs to the station. Sign out before others use it."))
        response = redirect("registry:station_devices")
        remember_device(response, token)
        return response
    context = {"form": form, "devices": devices_in(scopes, today), "here": device_of(request)}
    return render(request, "registry/station/devices.html", context)


@for_helpers
@require_POST
def revoke_station(request: SignedInRequest, scopes: list[str], uid: UUID) -> HttpResponse:
    """End a device's being a station's."""
    device = get_object_or_404(devices_in(scopes, timezone.localdate()), uid=uid)
    revoke_device(device=device, by=request.user, request=request)
    messages.success(request, _("The device is no longer a station's."))
    return redirect("registry:station_devices")
