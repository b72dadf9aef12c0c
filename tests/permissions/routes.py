"""What the resolver knows, and filling in addresses."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.lines.wagtail import SNIPPETS, WAGTAIL
from tests.permissions.matrix import ROUTES

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_FILLINGS = {"<int": "1", "<uuid": "00000000-0000-4000-8000-000000000000"}
_OURS = ("config", "cms", "county", "certificates", "livestream", "courses", "registry", "allauth")


def resolved(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address as the resolver writes it, without the language's prefix."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from resolved(pattern, path)
        else:
            yield path, pattern


def who_of_wagtail(path: str) -> str | None:
    """Return who may by the longest beginning in `WAGTAIL`; None for a snippet of ours without a line."""
    snippet = re.match(r"admin/snippets/(?:choose/)?(\w+/\w+)/", path)
    if snippet and snippet[1] not in SNIPPETS:
        return None
    return WAGTAIL[max((each for each in WAGTAIL if path.startswith(each)), key=len)]


def is_ours(path: str, pattern: URLPattern) -> bool:
    """Tell whether the address needs a line of its own: whatever is not Wagtail's."""
    module = pattern.callback.__module__
    own_lines = {route.path for route in ROUTES}
    return path in own_lines or not module.startswith(("wagtail.", "django.")) or module.startswith(_OURS)


def filled(path: str, kwargs: dict[str, object]) -> str:
    """Return the address with its parameters put in; those not given become something that fits."""
    if "^" in path:
        return ""

    def value(match: re.Match[str]) -> str:
        kind = match[0].partition(":")[0]
        return str(kwargs.get(match[1], _FILLINGS.get(kind, "x")))

    return "/" + _PARAMETER.sub(value, path)
