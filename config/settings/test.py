"""Tests: the same engines as everywhere, a cheap password hasher, plain static files."""

import hashlib
import os
import shutil
from pathlib import Path

_checkout = Path(__file__).resolve().parents[2]
_memory = Path("/dev/shm")  # noqa: S108 - what tests leave there is nobody's
# A cluster of their own, so that tests neither touch the demo nor wait for a disk that may lose power.
os.environ.setdefault("CUNBO_THROWAWAY", "1")
if "CUNBO_LOCAL" not in os.environ:
    os.environ["CUNBO_LOCAL"] = str(_checkout / ".local" / "test")
    # A test that commits is followed by a new database of 1,400 files. A disk whose file system has no
    # journal goes over every file deleted in the last minutes before it makes one: 1.3 s a database, in
    # memory 0.05 s.
    if _memory.is_dir() and shutil.disk_usage(_memory).total > 2 * 1024**3:
        _name = f"cunbo-{os.geteuid()}-{hashlib.sha256(os.fsencode(_checkout)).hexdigest()[:12]}"
        os.environ["CUNBO_POSTGRES"] = str(_memory / _name)

from config.settings.dev import *  # noqa: E402 - the places of servers come first

DEMO = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The database is put back between tests: a kept connection would point at what is gone.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Each test process (pytest-xdist calls them gw0, gw1 …) and the servers it starts have two numbers of Redis.
TEST_PROCESS = env("PYTEST_XDIST_WORKER", default="gw0")
_first_number = 2 * (int(TEST_PROCESS.removeprefix("gw")) % 7) + 2
REDIS_URL = embedded.redis_url(_first_number)
CACHES["default"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = embedded.celery_url(embedded.redis_url(_first_number + 1))
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(LOCAL / "media" / TEST_PROCESS)))
PRIVATE_STORAGE = {
    **PRIVATE_STORAGE,
    "OPTIONS": {"location": LOCAL / "private" / TEST_PROCESS, "base_url": None},
}
SIGNING_DIR = LOCAL / "signing" / TEST_PROCESS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # looked up when asked for, nothing is collected
LOGGING = logging_settings(as_json=False, level=env("LOG_LEVEL", default="WARNING"))
# Every engine, at ports of this checkout's and this process's own, below those the kernel gives away.
_engine_ports = 18_000 + 20 * (
    int(hashlib.sha256(f"{BASE_DIR} {TEST_PROCESS}".encode()).hexdigest()[:6], 16) % 700
)
LIVE_ENGINES = {
    "chunks": ENGINES_AT_HAND["chunks"],
    "nginx-rtmp": {
        **ENGINES_AT_HAND["nginx-rtmp"],
        "rtmp_url": f"rtmp://127.0.0.1:{_engine_ports}/live",
        "control_url": f"http://127.0.0.1:{_engine_ports + 1}",
        "hls_url": f"http://127.0.0.1:{_engine_ports + 2}",
    },
    "janus": {
        **ENGINES_AT_HAND["janus"],
        "api_url": f"http://127.0.0.1:{_engine_ports + 3}/janus",
        "admin_url": f"http://127.0.0.1:{_engine_ports + 4}/admin",
        "rtp_ports": f"{_engine_ports + 5}-{_engine_ports + 19}",
    },
}
