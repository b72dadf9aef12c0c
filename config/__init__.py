"""Wires all apps together: settings, URLs, Celery, the embedded services."""

# Tasks are `shared_task`s: they reach the broker only through an app that is loaded with the settings.
from config.celery_app import app as celery_app

__all__ = ["celery_app"]
