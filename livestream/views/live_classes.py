"""The list of live classes, and planning one."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from livestream.class_forms import PlanForm, ScheduleForm
from livestream.class_permissions import (
    attended_by,
    can_teach,
    counted_by,
    kept_by,
    taught_by,
    teachable_classes,
)
from livestream.errors import LivestreamError
from livestream.models import LiveClass
from livestream.queries.live_class import past, upcoming
from livestream.services.live_class import cancel_class, change_class, schedule_class
from livestream.views.class_access import of_teacher, visitor

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]


def for_teachers(view: View) -> View:
    """Let in who may teach somewhere; for others the page is not there."""

    @login_required
    @wraps(view)
    def with_right(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not can_teach(request.user):
            raise Http404
        return view(request, **kwargs)

    return with_right


@require_GET
@login_required
def live_classes(request: HttpRequest) -> HttpResponse:
    """Show the live classes that concern the visitor: hers to learn, to teach, to keep or to count."""
    now = timezone.now()
    user = visitor(request)
    mine = LiveClass.objects.filter(pk__in=attended_by(user).values("pk"))
    to_run = taught_by(user) | counted_by(user) | kept_by(user)
    own = mine | LiveClass.objects.filter(pk__in=to_run.values("pk"))
    taught = set(taught_by(user).values_list("pk", flat=True))
    kept = set(kept_by(user).values_list("pk", flat=True))
    page = Paginator(past(own, now), PAGE_SIZE).get_page(request.GET.get("page"))
    coming = list(upcoming(own, now))
    context = {
        "upcoming": coming,
        "open": {each.pk for each in coming if each.is_open(now)},
        "page": page,
        "taught": taught,
        "kept": kept,
        "learnt": set(mine.values_list("pk", flat=True)),
        "can_teach": can_teach(user),
    }
    return render(request, "livestream/live_classes.html", context)


@require_http_methods(["GET", "POST"])
@for_teachers
def schedule(request: HttpRequest) -> HttpResponse:
    """Plan a live hour of one of the classes she teaches."""
    classes = teachable_classes(visitor(request))
    initial = {"client_token": uuid.uuid4(), "day": timezone.localdate(), "time": "19:30"}
    form = ScheduleForm(request.POST or None, classes=classes, initial=initial)
    if request.method == "POST" and form.is_valid():
        live_class = schedule_class(
            training_class=form.cleaned_data["training_class"],
            plan=form.plan(),
            by=visitor(request),
            client_token=form.cleaned_data["client_token"],
        )
        messages.success(request, _("The live class is scheduled. Everybody in the class is reminded."))
        return redirect("livestream:class_desk", live_class.uid)
    return render(request, "livestream/class_schedule.html", {"form": form, "has_classes": classes.exists()})


@require_http_methods(["GET", "POST"])
@of_teacher
def change(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Move or rename a live class, or call it off."""
    starts = timezone.localtime(live_class.starts_at)
    initial = {
        "title": live_class.title,
        "day": starts.date(),
        "time": starts.time(),
        "planned_minutes": live_class.planned_minutes,
    }
    is_cancelling = request.POST.get("step") == "cancel"
    form = PlanForm(request.POST if request.method == "POST" and not is_cancelling else None, initial=initial)
    try:
        if is_cancelling:
            cancel_class(live_class=live_class, by=visitor(request))
            messages.success(request, _("The live class is called off."))
            return redirect("livestream:live_classes")
        if request.method == "POST" and form.is_valid():
            change_class(live_class=live_class, plan=form.plan(), by=visitor(request))
            messages.success(request, _("Saved."))
            return redirect("livestream:class_desk", live_class.uid)
    except LivestreamError as error:
        form.add_error(None, str(error)) if form.is_bound else messages.error(request, str(error))
    return render(request, "livestream/class_change.html", {"live_class": live_class, "form": form})
