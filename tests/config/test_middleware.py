import logging

import pytest
from django.urls import reverse

from tests.factories.registry import UserFactory


def policy(response):
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: set(values.split()) for name, _, values in parts}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/account/login/", "/no-such-page/"])
def test_our_pages_forbid_everything_inline_and_foreign(client, path):
    directives = policy(client.get(path))

    assert directives["default-src"] == {"'self'"}
    assert directives["frame-ancestors"] == {"'self'"}
    assert directives["object-src"] == {"'none'"}
    assert "'unsafe-inline'" not in set().union(*directives.values())


def test_admin_keeps_the_same_policy(client, db):
    client.force_login(UserFactory(is_superuser=True), backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(reverse("wagtailadmin_home"))

    assert response.status_code == 200
    assert policy(response) == policy(client.get("/healthz"))
    assert "<script>" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/admin/login/"])
def test_our_pages_ask_for_no_camera_and_tell_no_other_site(client, path):
    headers = client.get(path).headers

    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_cookies_stay_on_our_site(settings):
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_SAMESITE == "Lax"


def test_log_has_the_path_and_not_what_was_typed(client, db, caplog):
    caplog.set_level(logging.INFO)

    client.get("/no-such-page/?name=学员甲&phone=13812345678")

    lines = [record.getMessage() for record in caplog.records]
    assert any("GET /no-such-page/" in line for line in lines)
    assert not any("学员甲" in line or "13812345678" in line for line in lines)


def test_log_leaves_out_the_probes(client, db, caplog):
    caplog.set_level(logging.INFO)

    client.get("/healthz")

    assert [record for record in caplog.records if "healthz" in record.getMessage()] == []
