"""The development settings, which serve like production, with a page to compare with."""

from config.settings.dev import *

ROOT_URLCONF = "tests.bench.urls"
LOGGING = logging_settings(as_json=True, level="WARNING")
# As in production; a request is logged there too, so its cost stays in the figure.
LOGGING["loggers"]["django_structlog"] = {"level": "INFO"}

# Engines beside the measured site, on this machine alone
LIVE_ENGINES = {
    "chunks": ENGINES_AT_HAND["chunks"],
    "nginx-rtmp": {
        **ENGINES_AT_HAND["nginx-rtmp"],
        "rtmp_url": "rtmp://127.0.0.1:17000/live",
        "control_url": "http://127.0.0.1:17001",
        "hls_url": "http://127.0.0.1:17002",
    },
    "janus": {
        **ENGINES_AT_HAND["janus"],
        "api_url": "http://127.0.0.1:17003/janus",
        "admin_url": "http://127.0.0.1:17004/admin",
        "rtp_ports": "17010-17099",
    },
}
