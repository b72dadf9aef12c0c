"""Times as a host reads them."""

import uuid
from datetime import datetime

from django import template

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
