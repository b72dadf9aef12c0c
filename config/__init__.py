"""Wires all apps together: settings, URLs, Celery, the embedded services."""
