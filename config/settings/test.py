"""Tests: the same engines as everywhere, a cheap password hasher, plain static files."""

import os
from pathlib import Path

# A cluster of their own, so that tests neither touch the demo nor wait for a disk that may lose power.
os.environ.setdefault("CUNBO_LOCAL", str(Path(__file__).resolve().parents[2] / ".local" / "test"))
os.environ.setdefault("CUNBO_THROWAWAY", "1")

from config.settings.dev import *

DEMO = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_settings(as_json=False, level="WARNING")
