import base64
import gzip
import json
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse

from certificates.badge_keys import badge_keys, make_badge_keys
from certificates.models import Certificate
from certificates.queries.badges import has_badge
from registry.models import Appointment, User
from registry.services import appoint
from tests.certificates.verifiers import ask_verifiers
from tests.factories.certificates import EnrolmentFactory, issued, noon, place

pytestmark = pytest.mark.django_db
SITE = "https://cunbo.example"


@pytest.fixture(scope="module")
def badge_folder(tmp_path_factory):
    """A folder with keys of badges, made once."""
    folder = tmp_path_factory.mktemp("badges")
    make_badge_keys(folder, bits=2048)
    return folder


@pytest.fixture(autouse=True)
def site(settings, badge_folder):
    """A site with an address of its own and keys."""
    settings.SITE_URL, settings.SIGNING_DIR = SITE, badge_folder
    cache.clear()
    return settings


@pytest.fixture
def certificate():
    enrolment = EnrolmentFactory(completed=True, person__name="示例·𠮷")
    return issued(enrolment, rendering="done", pdf_sha256="0" * 64)


@pytest.fixture
def holder(client, certificate):
    """The browser of her whose certificate it is."""
    client.force_login(user_of(certificate))
    return client


def user_of(certificate):
    certificate.person.user = User.objects.create_user(f"trainee-{certificate.pk}")
    certificate.person.save()
    return certificate.person.user


def badge_address(certificate, name="badge_document"):
    return reverse(f"certificates:{name}", args=[certificate.uid])


def served(client, address):
    """Return what the site answers at an absolute address, as a verifier would ask it."""
    assert address.startswith(f"{SITE}/")
    response = client.get(urlsplit(address).path)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def set_bits(client, number=0):
    """Return the places set in a status list: a multibase text of gzipped bits, the highest first."""
    subject = served(client, f"{SITE}/verify/badges/status/{number}/")["credentialSubject"]
    encoded = subject["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return {place for place in range(len(bits) * 8) if bits[place >> 3] & (0x80 >> (place & 7))}


def end(certificate, state, reason):
    changes = {"state": state, "state_reason": reason, "state_since": noon("2026-06-01")}
    Certificate.objects.filter(pk=certificate.pk).update(**changes)


@pytest.mark.slow
def test_revoked_badge_is_refused_by_two_verifiers_through_what_the_site_serves(holder, certificate):
    badge = holder.get(badge_address(certificate)).json()
    token = holder.get(badge_address(certificate, "badge_token")).content.decode()

    def answers():
        list_address = badge["credentialStatus"]["statusListCredential"]
        addresses = [f"{SITE}/.well-known/did.json", list_address]
        documents = {address: served(holder, address) for address in addresses}
        return ask_verifiers(credentials=[badge], tokens=[token], documents=documents)

    before = answers()
    end(certificate, "revoked", "false_attendance")
    after = answers()

    assert before == {"credentials": [{"digitalbazaar": True, "dcc": True}], "tokens": [True]}
    assert after["credentials"] == [{"digitalbazaar": False, "dcc": False}]


def test_badge_is_a_file_that_says_what_the_paper_says(holder, certificate):
    response = holder.get(badge_address(certificate))

    subject = response.json()["credentialSubject"]
    assert response["Content-Disposition"] == f'attachment; filename="{certificate.number}.badge.json"'
    assert response["Content-Type"] == "application/ld+json"
    assert "no-store" in response["Cache-Control"]
    assert [each["identityHash"] for each in subject["identifier"]] == ["示例·𠮷", certificate.number]
    assert response.json()["id"].startswith(f"{SITE}/verify/{certificate.number}/?k=")


def test_what_a_badge_names_is_the_same_in_english(client, holder, certificate):
    chinese = holder.get(badge_address(certificate)).content

    assert holder.get(f"/en{badge_address(certificate)}").content == chinese


@pytest.mark.parametrize("name", ["badge_document", "badge_token"])
def test_badge_is_for_the_holder_and_the_office_of_her_county(client, certificate, name):
    office, stranger = User.objects.create_user("office"), User.objects.create_user("stranger")
    foreign = User.objects.create_user("foreign")
    for user, code in ((office, "431125"), (foreign, "431124")):
        region = place(code).region
        appoint(user=user, role=Appointment.Role.OFFICE, region=region, since=noon("2020-01-01").date())
    address = badge_address(certificate, name)

    answers = {"visitor": client.get(address).status_code}
    for user in (office, stranger, foreign):
        client.force_login(user)
        answers[user.username] = client.get(address).status_code

    assert answers == {"visitor": 302, "office": 200, "stranger": 404, "foreign": 404}


def test_only_papers_of_completion_have_badges(certificate):
    assert has_badge(certificate)
    certificate.kind = "Z"
    assert not has_badge(certificate)


def test_keys_of_badges_are_made_with_the_others(signing, key_folder):
    assert badge_keys(key_folder).are_complete


def test_unprinted_certificate_has_no_badge(holder, certificate):
    Certificate.objects.filter(pk=certificate.pk).update(rendering="waiting")

    assert holder.get(badge_address(certificate)).status_code == 404
    assert badge_address(certificate) not in holder.get("/verify/mine/").content.decode()


def test_holder_finds_both_forms_on_her_page(holder, certificate):
    page = holder.get("/verify/mine/").content.decode()

    assert badge_address(certificate) in page
    assert badge_address(certificate, "badge_token") in page


def test_site_without_keys_offers_no_badges(holder, certificate, site, tmp_path):
    site.SIGNING_DIR = tmp_path

    assert badge_address(certificate) not in holder.get("/verify/mine/").content.decode()
    for address in (badge_address(certificate), "/.well-known/did.json", "/verify/badges/status/0/"):
        assert holder.get(address).status_code == 404


def test_issuer_publishes_every_key_and_no_private_half(client, site):
    document = served(client, f"{SITE}/.well-known/did.json")

    assert document["id"] == "did:web:cunbo.example"
    assert [each["id"].partition("#")[2] for each in document["verificationMethod"]] == ["ed25519-1", "rsa-1"]
    assert set(document["verificationMethod"][1]["publicKeyJwk"]) == {"kty", "n", "e", "alg", "use"}


def test_achievement_is_served_as_the_badge_has_it(holder, certificate):
    achievement = holder.get(badge_address(certificate)).json()["credentialSubject"]["achievement"]

    page = served(holder, achievement["id"])

    assert page.pop("@context")
    assert page == achievement


def test_course_that_certified_nobody_has_no_achievement(client):
    EnrolmentFactory(training_class__course__code="DRAFT")

    assert client.get("/verify/badges/achievements/DRAFT/").status_code == 404


def test_status_list_has_the_bits_of_revoked_and_replaced_versions(client, certificate):
    replaced, revoked = (issued(EnrolmentFactory(completed=True)) for _ in range(2))
    before = set_bits(client)
    end(replaced, "replaced", "lost")
    end(revoked, "revoked", "red_line")

    assert before == set()
    assert set_bits(client) == {replaced.pk, revoked.pk}


def test_status_list_is_signed_once_until_something_changes(client, certificate, monkeypatch):
    first = client.get("/verify/badges/status/0/")
    monkeypatch.setattr(
        "certificates.queries.badges.signed_status_list", lambda *_args, **_named: {"anew": 1}
    )

    assert client.get("/verify/badges/status/0/").content == first.content
    assert "max-age=300" in first["Cache-Control"]
    end(certificate, "revoked", "red_line")
    assert json.loads(client.get("/verify/badges/status/0/").content) == {"anew": 1}


def test_status_list_beyond_the_last_certificate_is_missing(client, certificate):
    assert client.get("/verify/badges/status/1/").status_code == 404
