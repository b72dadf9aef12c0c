"""The one place that speaks to a time-stamp server (RFC 3161), where `TIMESTAMP_URL` names one."""

from functools import lru_cache

from django.conf import settings
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

_SECONDS = 10


def time_stamper() -> TimeStamper | None:
    """Return who stamps signatures with the time, or None: signatures are then B-B."""
    return _stamper(settings.TIMESTAMP_URL) if settings.TIMESTAMP_URL else None


@lru_cache(maxsize=1)
def _stamper(url: str) -> TimeStamper:
    return HTTPTimeStamper(url, timeout=_SECONDS)
