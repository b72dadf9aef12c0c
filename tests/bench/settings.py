"""The development settings, which serve like production, with a page to compare with."""

from config.settings.dev import *

ROOT_URLCONF = "tests.bench.urls"
LOGGING = logging_settings(as_json=True, level="WARNING")
# As in production; a request is logged there too, so its cost stays in the figure.
LOGGING["loggers"]["django_structlog"] = {"level": "INFO"}
