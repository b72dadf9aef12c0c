"""Addresses of the interface, under /api/v1/."""

from django.urls import path

from county.api.problems import nothing_here, reading_only
from county.api.site import api

_patterns, _app_name, _namespace = api.urls
for _pattern in _patterns:
    _pattern.callback = reading_only(_pattern.callback)  # type: ignore[arg-type]  # each has one

urlpatterns = [
    path("", nothing_here),
    path("", (_patterns, _app_name, _namespace)),
    path("<path:path>", nothing_here),
]
