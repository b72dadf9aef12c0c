"""The WSGI entry point for gunicorn."""

import os
from wsgiref.headers import Headers

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from config import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

application = get_wsgi_application()
memory.settle()


def guard_media(headers: Headers, path: str, url: str) -> None:
    """Let no file do anything but be shown: a drawing opened by itself could run scripts."""
    headers["X-Content-Type-Options"] = "nosniff"
    if path.lower().endswith((".svg", ".html", ".htm", ".xml")):
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


if settings.SERVE_MEDIA:
    # Pictures and films of the lessons where no web server stands in front; WhiteNoise answers byte ranges,
    # without which a phone cannot seek in a film. `autorefresh` also finds what is uploaded later.
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    application = WhiteNoise(
        application,
        root=settings.MEDIA_ROOT,
        prefix=settings.MEDIA_URL,
        autorefresh=True,
        max_age=3600,
        add_headers_function=guard_media,
    )
