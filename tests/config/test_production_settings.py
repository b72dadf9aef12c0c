import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.run import _PRODUCTION as COMPLETE

pytestmark = pytest.mark.slow


def load(**changes):
    variables = {**COMPLETE, **changes}
    environment = {key: value for key, value in variables.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.SESSION_COOKIE_SECURE)"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_production_starts_with_everything_given():
    done = load()

    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_production_guards_cookies_and_transport():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    code = f"from django.conf import settings; print([getattr(settings, n) for n in {names}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], **COMPLETE},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )

    assert done.stdout == "['__Host-sessionid', '__Host-csrftoken', True, True]\n"


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "REDIS_URL",
        "SEAL_KEYS",
        "SEAL_INDEX_KEY",
        "AUDIT_KEYS",
        "CARD_PEPPER",
        "CERTIFICATE_CHECK_KEY",
        "MEDIA_LINK_KEY",
        "SMS_PROVIDER",
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_to_start_when_a_value_is_missing(name, value):
    done = load(**{name: value})

    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert name in done.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": "*"}, "without wildcards"),
        ({"ALLOWED_HOSTS": "cunbo.example,*.example"}, "without wildcards"),
        ({"ALLOWED_HOSTS": ".example"}, "without wildcards"),
        ({"SECRET_KEY": "demo-only-never-used-in-production"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SEAL_KEYS": "1=" + "00" * 31 + "01"}, "SEAL_KEYS"),
        ({"SEAL_KEYS": "1=abc"}, "SEAL_KEYS"),
        ({"SEAL_INDEX_KEY": "00" * 31 + "02"}, "SEAL_INDEX_KEY"),
        ({"SMS_PROVIDER": "outbox"}, "SMS_PROVIDER"),
        ({"SITE_URL": None}, "SITE_URL"),
    ],
)
def test_production_refuses_to_start_on_a_dangerous_value(changes, reason):
    done = load(**changes)

    assert done.returncode == 1
    assert reason in done.stderr.splitlines()[-1]
