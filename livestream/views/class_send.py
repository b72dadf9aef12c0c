"""The teacher's camera: she sends the picture of her class from the browser, and runs it at her desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from livestream.errors import LivestreamError
from livestream.models import LiveClass
from livestream.queries import next_part_number
from livestream.queries.class_page import OVER, state_of
from livestream.room_texts import SEND_TEXTS
from livestream.services.live_class import begin_class, end_class
from livestream.views.class_access import of_sender, visitor
from livestream.views.room import WITH_CAMERA, store_of


@never_cache
@require_http_methods(["GET", "POST"])
@permissions_policy_override(WITH_CAMERA)
@of_sender
def send(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Show the camera's page, or begin and end the class from it: a script asks, a plain form may too."""
    if request.method == "POST":
        return _step(request, live_class)
    state = state_of(live_class, timezone.now())
    context = {"live_class": live_class, "state": state, "script": _for_script(request, live_class, state)}
    return render(request, "livestream/class_send.html", context)


def _step(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    refusal = ""
    try:
        if request.POST.get("step") == "end":
            end_class(live_class=live_class, by=visitor(request))
        else:
            begin_class(live_class=live_class)
    except LivestreamError as error:
        refusal = str(error)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": refusal}, status=422 if refusal else 200)
    if refusal:
        messages.error(request, refusal)
    return redirect("livestream:class_send", live_class.uid)


def _for_script(request: HttpRequest, live_class: LiveClass, state: str) -> dict[str, Any]:
    uid = live_class.uid
    return {
        "session": str(uid),
        "store": store_of(request),
        "isOver": state == OVER,
        "nextPart": next_part_number(live_class.session),
        "serverTime": timezone.now().isoformat(),
        "texts": {key: str(text) for key, text in SEND_TEXTS.items()},
        "urls": {
            "step": reverse("livestream:class_send", args=[uid]),
            "here": reverse("livestream:class_here", args=[uid]),
            "chunk": reverse("livestream:chunk", args=[uid, 0, 0]),
            "state": reverse("livestream:room_state", args=[uid]),
            "finish": reverse("livestream:room_finish", args=[uid]),
        },
    }
