"""The event server for uvicorn, beside gunicorn's site: it holds the long answers of live classes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import logging.config

from django.conf import settings

from livestream.events.server import EventServer

logging.config.dictConfig(settings.LOGGING)
application = EventServer(settings.REDIS_URL)
