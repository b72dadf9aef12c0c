import json

import pytest
from django.core.exceptions import SuspiciousOperation

from cms import views


def test_set_text_size_large_sets_the_cookie_and_leads_back(client):
    response = client.post("/text-size/", {"size": "large", "next": "/help/?page=2"})

    assert response.status_code == 303
    assert response["Location"] == "/help/?page=2"
    assert response.cookies["text_size"].value == "large"
    assert response.cookies["text_size"]["httponly"]


def test_set_text_size_normal_removes_the_cookie(client):
    client.cookies["text_size"] = "large"

    response = client.post("/text-size/", {"size": "normal", "next": "/"})

    assert response.cookies["text_size"].value == ""
    assert response.cookies["text_size"]["max-age"] == 0


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_set_text_size_never_leads_elsewhere(client, target):
    response = client.post("/text-size/", {"size": "large", "next": target})

    assert response["Location"] == "/"


def test_set_text_size_by_get_is_refused(client):
    assert client.get("/text-size/").status_code == 405


@pytest.mark.parametrize(("prefix", "start", "name"), [("", "/", "村播学堂"), ("/en", "/en/", "Cunbo")])
def test_manifest_speaks_the_language_of_its_address(client, prefix, start, name):
    response = client.get(f"{prefix}/manifest.webmanifest")

    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["name"]) == (start, name)
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_offline_page_needs_no_database(client):
    for address, heading in [("/offline/", "没有网络"), ("/en/offline/", "No network")]:
        response = client.get(address)

        assert response.status_code == 200
        assert heading in response.content.decode()


def test_service_worker_keeps_the_offline_pages_only(client):
    response = client.get("/service-worker.js")

    script = response.content.decode()
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    assert '{ zh: "/offline/", en: "/en/offline/" }' in script
    assert "cms/css/site.css" in script


def test_patterns_in_the_demo_show_every_block(client, db):
    response = client.get("/patterns/?errors=1")

    page = response.content.decode()
    for name in (
        "button--danger",
        "notice--warning",
        "choice",
        "field__error",
        "steps",
        "pair__right",
        "empty",
    ):
        assert name in page


def test_patterns_outside_the_demo_are_not_there(client, db, settings):
    settings.DEMO = False

    assert client.get("/patterns/").status_code == 404


@pytest.mark.parametrize("address", ["/nope/", "/en/nope/", "/nope.php"])
def test_unknown_address_gets_our_404_with_a_way_on(client, db, address):
    response = client.get(address)

    assert response.status_code == 404
    assert "courses/" in response.content.decode()


def test_bad_request_needs_no_database(rf):
    response = views.bad_request(rf.get("/"), SuspiciousOperation("secret detail"))

    assert response.status_code == 400
    assert "secret detail" not in response.content.decode()


def test_server_error_needs_no_database_and_keeps_large_text(rf):
    request = rf.get("/")
    request.COOKIES["text_size"] = "large"

    response = views.server_error(request)

    assert response.status_code == 500
    assert 'class="large-text"' in response.content.decode()


def test_csrf_failure_says_what_to_do(rf):
    response = views.csrf_failure(rf.post("/"), reason="CSRF cookie not set.")

    assert response.status_code == 403
    assert "CSRF" not in response.content.decode()
