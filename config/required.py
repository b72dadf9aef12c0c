"""Readers of what production cannot do without: each returns a value or refuses to start, naming it."""

import os
import re

from django.core.exceptions import ImproperlyConfigured

_LEAST_SECRET_LENGTH = 50
# Keys of the demo are in the tree; whoever copies dev settings gets these.
_DEMO_KEY = re.compile(r"^0{60}")


def required(name: str) -> str:
    """Return the variable `name`; raises `ImproperlyConfigured` when it is missing or empty."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: production does not start without it.")
    return value


def required_secret(name: str) -> str:
    """Return a secret that is long enough to be one."""
    value = required(name)
    if len(value) < _LEAST_SECRET_LENGTH or value.startswith(("demo-", "django-insecure-")):
        raise ImproperlyConfigured(f"{name} must be a secret of at least {_LEAST_SECRET_LENGTH} characters.")
    return value


def required_hosts(name: str) -> list[str]:
    """Return the host names, none of them a wildcard."""
    hosts = [host.strip() for host in required(name).split(",") if host.strip()]
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        raise ImproperlyConfigured(f"{name} must name the hosts, without wildcards.")
    return hosts


def required_key(name: str) -> str:
    """Return a key of 32 bytes as 64 hex digits, not one of the demo's."""
    return _checked_key(name, required(name))


def required_keys(name: str) -> dict[int, str]:
    """Return keys by id, from `1=<64 hex digits>,2=…`."""
    keys = {}
    for pair in required(name).split(","):
        key_id, _, key = pair.strip().partition("=")
        if not key_id.isdigit():
            raise ImproperlyConfigured(f"{name} must read 1=<64 hex digits>,2=<64 hex digits>.")
        keys[int(key_id)] = _checked_key(name, key)
    return keys


def _checked_key(name: str, key: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", key) or _DEMO_KEY.match(key):
        raise ImproperlyConfigured(f"{name}: a key is 64 hex digits, and not the demo's.")
    return key
