"""The demo's text messages, in place of a phone."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.masking import mask_phone
from registry.queries.people import sent_letters, sent_messages

_CODE = re.compile(r"\d{6}")


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the newest messages to anybody, and only in the demo: they hold sign-in codes."""
    if not settings.DEMO:
        raise Http404
    found = [
        {
            "phone": mask_phone(message.phone),
            "code": code[0] if (code := _CODE.search(message.text)) else "",
            "text": message.text,
            "sent_at": message.sent_at,
        }
        for message in sent_messages()
    ]
    return render(request, "registry/outbox.html", {"sent": found, "letters": sent_letters()})
