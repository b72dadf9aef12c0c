"""Addresses of the interface, under /api/v1/."""

from django.urls import path

from county.api.problems import nothing_here
from county.api.site import api

urlpatterns = [
    path("", nothing_here),
    path("", api.urls),
    path("<path:path>", nothing_here),
]
