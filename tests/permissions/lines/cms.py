"""The machine and the frame of the site."""

from tests.permissions.words import DEMO, PUBLIC, Route

ROUTES = [
    # The machine
    Route("healthz", PUBLIC),
    Route("readyz", PUBLIC),  # 503 in tests: no worker runs
    # The frame
    Route("text-size/", PUBLIC, "POST"),
    Route("manifest.webmanifest", PUBLIC),
    Route("offline/", PUBLIC),
    Route("service-worker.js", PUBLIC),
    Route("stories/", PUBLIC),
    Route("stories/<uuid:uid>/", PUBLIC, of="story"),
    Route("patterns/", DEMO),
]
