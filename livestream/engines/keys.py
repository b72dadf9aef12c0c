"""The keys between this site and its engines, all made from `LIVE_ENGINE_KEY`: none is kept twice."""

import base64
import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest


def engine_key(purpose: str) -> str:
    """Return the key for one purpose, as 32 letters and digits; raises RuntimeError without a secret."""
    secret = str(settings.LIVE_ENGINE_KEY)
    if not secret:
        raise RuntimeError("LIVE_ENGINE_KEY is empty")
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()[:32]


def is_key(given: str, purpose: str) -> bool:
    """Tell whether `given` is that key, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(given.encode(), engine_key(purpose).encode())


def basic_password(request: HttpRequest) -> str:
    """Return the password of HTTP basic authentication; empty when there is none that can be read."""
    kind, _space, coded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def is_near(request: HttpRequest) -> bool:
    """Tell whether a request comes from a machine that engines run on, and from no proxy for others."""
    if request.headers.get("X-Forwarded-For"):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(each) for each in settings.LIVE_ENGINE_ADDRESSES)
