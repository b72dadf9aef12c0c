"""Chromium as tests, benches and screenshots start it.

Debian's headless build: the same engine without the windows that nobody sees, at half the processor time.
"""

import shutil
from typing import Any

from playwright.sync_api import Browser, Playwright

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
HOW: dict[str, Any] = {
    "executable_path": shutil.which("chromium-headless-shell"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        # A rolling test picture with a beep, and nobody to press "allow".
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ],
}


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start a Chromium, with more arguments for its command line."""
    return playwright.chromium.launch(**{**HOW, "args": [*HOW["args"], *more]})
