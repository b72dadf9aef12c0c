"""Times as a host reads them, and the live class that comes next."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from livestream.class_permissions import attended_by
from livestream.queries.live_class import upcoming

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """Return seconds as minutes and seconds: 3:05; from an hour on with hours: 1:03:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@register.filter
def time_since(now: datetime, begin: datetime) -> int:
    """Return the whole seconds since `begin`."""
    return max(0, int((now - begin).total_seconds()))


@register.simple_tag
def new_token() -> str:
    """Return a token for a form that may be sent twice over a weak network."""
    return str(uuid.uuid4())


@register.inclusion_tag("livestream/_next_class.html", takes_context=True)
def next_live_class(context: Context) -> dict[str, Any]:
    """Show a trainee the live class that is on, or begins within a day: the reminder on this site."""
    now = timezone.now()
    soon = upcoming(attended_by(context["user"]), now).filter(
        session__scheduled_at__lte=now + timedelta(days=1)
    )
    live_class = soon.first()
    return {"live_class": live_class, "is_open": bool(live_class and live_class.is_open(now))}
