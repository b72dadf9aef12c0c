"""Times as a host reads them."""

from django import template

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """Return seconds as minutes and seconds: 3:05; from an hour on with hours: 1:03:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
