"""The door of the class desk: what somebody may not see is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from courses.errors import CourseError
from courses.models import Sitting, SittingSite, TrainingClass
from courses.permissions import can_see_class, may_in_class
from registry.capabilities import Capability
from registry.models import User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User


ClassView = Callable[Concatenate[StaffRequest, TrainingClass, P], HttpResponse]
SittingView = Callable[Concatenate[StaffRequest, Sitting, P], HttpResponse]
SiteView = Callable[Concatenate[StaffRequest, SittingSite, P], HttpResponse]
_Door = Callable[[object, TrainingClass], bool]


def for_class(*capabilities: Capability) -> Callable[[ClassView[P]], Callable[..., HttpResponse]]:
    """Give the view the class, to whoever may do one of these there; none is whoever may see the class."""

    def decorate(view: ClassView[P]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @wraps(view)
        def wrapper(request: StaffRequest, uid: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            classes = TrainingClass.objects.select_related(
                "course", "training_body", "county", "lead_account"
            )
            training_class = get_object_or_404(classes, uid=uid, kind=TrainingClass.Kind.TAUGHT)
            _refuse(request.user, capabilities, training_class)
            return view(request, training_class, *args, **kwargs)

        return wrapper

    return decorate


def for_sitting(*capabilities: Capability) -> Callable[[SittingView[P]], Callable[..., HttpResponse]]:
    """Give the view the sitting, to whoever may do one of these in its class."""

    def decorate(view: SittingView[P]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @wraps(view)
        def wrapper(request: StaffRequest, uid: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            sitting = get_object_or_404(Sitting.objects.select_related("training_class__course"), uid=uid)
            _refuse(request.user, capabilities, sitting.training_class)
            return view(request, sitting, *args, **kwargs)

        return wrapper

    return decorate


def for_site(*capabilities: Capability) -> Callable[[SiteView[P]], Callable[..., HttpResponse]]:
    """Give the view the site of a sitting, to whoever may do one of these in its class."""

    def decorate(view: SiteView[P]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @wraps(view)
        def wrapper(request: StaffRequest, uid: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            sites = SittingSite.objects.select_related("sitting__training_class__course", "tutor")
            site = get_object_or_404(sites, uid=uid)
            _refuse(request.user, capabilities, site.sitting.training_class)
            return view(request, site, *args, **kwargs)

        return wrapper

    return decorate


def attempt(
    request: HttpRequest, action: Callable[[], object], message: str, to: str, *args: object
) -> HttpResponse:
    """Do it and say so, or say why not; either way the page `to` comes next."""
    try:
        action()
    except CourseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, message)
    return redirect(to, *args)


def _refuse(user: User, capabilities: tuple[Capability, ...], training_class: TrainingClass) -> None:
    if not capabilities:
        if not can_see_class(user, training_class):
            raise Http404
    elif not any(may_in_class(user, capability, training_class) for capability in capabilities):
        raise Http404
