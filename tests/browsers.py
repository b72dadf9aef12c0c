"""The one Playwright of a test process: a second would find the first one's loop running in its thread."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, once a process; tests that run a loop of their own come before it (conftest)."""
    # Playwright's loop would make Django refuse the ORM in the same thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
