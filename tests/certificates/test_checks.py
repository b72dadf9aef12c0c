"""The check page by file and for machines; keys and lists at their fixed addresses."""

import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.attempts import MOST
from certificates.models import Certificate
from certificates.services import render_certificate, share_certificate
from certificates.signatures import check_text
from tests.factories.certificates import EnrolmentFactory, issued
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def paper(signing, private_files):
    certificate = issued(EnrolmentFactory(completed=True, person__name="学员甲"))
    render_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    return certificate


def pdf_of(certificate) -> bytes:
    with certificate.pdf.open() as file:
        return file.read()


def send(client, content: bytes, **headers):
    file = SimpleUploadedFile("paper.pdf", content, content_type="application/pdf")
    return client.post(reverse("certificates:verify_file"), {"file": file}, **headers)


def test_issued_file_is_said_to_be_genuine_with_every_field_and_a_masked_name(client, paper):
    response = send(client, pdf_of(paper))

    text = response.content.decode()
    assert response.status_code == 200
    assert paper.number in text
    assert "学**" in text
    assert "学员甲" not in text


def test_altered_file_is_refused_and_names_nobody(client, paper):
    response = send(client, pdf_of(paper) + b"\n%x")

    text = response.content.decode()
    assert response.status_code == 404
    assert paper.number not in text
    assert "学" + "**" not in text


def test_revoked_file_is_shown_as_revoked(client, paper):
    Certificate.objects.filter(pk=paper.pk).update(state="revoked", state_reason="red_line")

    response = send(client, pdf_of(paper))

    assert response.context["certificate"].state == "revoked"
    assert "notice--error" in response.content.decode()


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7" + b"x" * 3_100_000])
def test_what_is_no_certificate_file_is_not_even_read(client, content):
    assert send(client, content, **JSON).status_code == 400
    assert "file" in send(client, content).context["file_form"].errors


def test_machine_gets_the_same_answers_as_json(client, paper):
    good = send(client, pdf_of(paper), **JSON)
    bad = send(client, pdf_of(paper) + b" ", **JSON)

    assert good.json() == {
        "intact": True,
        "trusted": True,
        "covers_entire_file": True,
        "matches_issued": True,
        "state": "valid",
        "number": paper.number,
    }
    assert (bad.status_code, bad.json()["covers_entire_file"], bad.json()["number"]) == (404, False, None)


def test_machine_asks_by_number_and_name_or_code(client, paper):
    page = reverse("certificates:verify")
    right = client.post(page, {"number": paper.number, "name_end": "员甲"}, **JSON)
    wrong = client.post(page, {"number": paper.number, "name_end": "员乙"}, **JSON)
    unknown = client.post(page, {"number": "H431125-2026-0999-0001-0", "name_end": "员甲"}, **JSON)
    code = client.get(
        reverse("certificates:verify_code", args=[paper.number]), {"k": check_text(paper.number, 1)}, **JSON
    )

    assert right.json()["state"] == code.json()["state"] == "valid"
    assert right.json()["printed"]["masked_name"] == "学**"
    assert (
        (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json()) == (404, {"found": False})
    )


def test_files_count_against_the_same_limit(client, paper):
    for _ in range(MOST):
        send(client, b"%PDF-")

    assert send(client, pdf_of(paper)).status_code == 429
    assert send(client, pdf_of(paper), **JSON).json() == {"error": "too many checks"}


def test_page_of_a_check_costs_few_queries(client, paper, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        send(client, pdf_of(paper))


def test_root_and_keys_are_at_fixed_addresses(client, paper):
    assert client.get("/verify/root.crt").content.startswith(b"-----BEGIN CERTIFICATE-----")
    keys = client.get("/verify/keys.json").json()["keys"]
    assert keys[0]["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert keys[0]["replaced_at"] is None


def test_shared_page_shows_the_full_name_and_the_file(client, paper):
    share = share_certificate(certificate=paper, by=UserFactory())

    page = client.get(reverse("certificates:shared", args=[share.token]))
    file = client.get(reverse("certificates:shared_file", args=[share.token]))

    assert "学员甲" in page.content.decode()
    assert b"".join(file.streaming_content) == pdf_of(paper)
    assert "noindex" in page["X-Robots-Tag"]
    assert client.get(reverse("certificates:shared", args=["none"])).status_code == 404


def test_holder_makes_and_ends_a_link_only_when_she_agrees(client, paper):
    holder = UserFactory()
    type(paper.person).objects.filter(pk=paper.person_id).update(user=holder)
    client.force_login(holder)
    page = reverse("certificates:share", args=[paper.uid])

    assert client.post(page, {}).context["form"].errors
    assert not paper.shares.exists()
    client.post(page, {"agrees": "on"})
    assert paper.shares.get().token in client.get(page).content.decode()
    client.post(reverse("certificates:end_share", args=[paper.uid]))
    assert paper.shares.get().ended_at is not None


def test_offline_page_names_what_it_keeps(client, paper):
    page = client.get(reverse("certificates:offline"))
    worker = client.get(reverse("certificates:offline_worker"))
    manifest = json.loads(client.get(reverse("certificates:offline_manifest")).content)

    assert "data-code-check" in page.content.decode()
    assert worker["Service-Worker-Allowed"] == "/verify/"
    for kept in ("/verify/keys.json", "/verify/revoked.json", "/verify/offline/", "js/code.js"):
        assert kept in worker.content.decode()
    assert manifest["start_url"] == "/verify/offline/"
