"""The Celery application; tasks use `shared_task`, so no app imports this module."""

import os
import time

from celery import Celery
from celery.signals import beat_init, celeryd_init, heartbeat_sent, setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("cunbo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_SECONDS = 30
_EVERY_SECONDS = 5
_last_beat = 0.0


@setup_logging.connect
def log_like_the_site(**kwargs: object) -> None:
    """Configure logging from our settings; a receiver here keeps Celery's own set-up away."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@celeryd_init.connect
@beat_init.connect
def join_embedded_services(**kwargs: object) -> None:
    """Let `celery` typed by hand work as `manage.py` does."""
    from config import embedded

    embedded.ensure_started()


@heartbeat_sent.connect
def say_alive(**kwargs: object) -> None:
    """Tell `/readyz` that a worker is up; it forgets after `HEARTBEAT_SECONDS`."""
    global _last_beat
    from django.core.cache import cache

    if time.monotonic() - _last_beat >= _EVERY_SECONDS:
        _last_beat = time.monotonic()
        cache.set(HEARTBEAT_KEY, 1, HEARTBEAT_SECONDS)
