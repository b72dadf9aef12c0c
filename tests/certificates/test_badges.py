import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certificates.badge_keys import badge_keys, make_badge_keys
from certificates.badges import (
    LIST_HOLDS,
    LIST_LENGTH,
    BadgeAddresses,
    BadgedCertificate,
    did_document,
    issuer_did,
    list_and_index,
    signed_document,
    signed_status_list,
    signed_token,
)
from tests.certificates.verifiers import ask_verifiers
from tests.forging import with_other_character

SITE = "https://cunbo.example"
ADDRESSES = BadgeAddresses(
    site=SITE,
    credential=f"{SITE}/badges/one/",
    achievement=f"{SITE}/badges/achievements/PACK/",
    status_list=f"{SITE}/badges/status/0/",
)
ISSUED = datetime(2026, 5, 6, 8, 0, tzinfo=UTC)
PRINTED = {
    "name": "示例·𠮷",
    "course_name": "农产品包装",
    "course_name_en": "Packaging",
    "planned_hours": "24.00",
    "hours": "21.50",
    "practical": "80.00",
    "body": "江永县电子商务公共服务中心",
    "body_en": "Jiangyong County E-commerce Public Service Centre",
}
CERTIFICATE = BadgedCertificate("H431125-2026-0012-0037-H", PRINTED, ISSUED, place=37)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a first pair of keys."""
    folder = tmp_path_factory.mktemp("signing")
    make_badge_keys(folder)
    return folder


@pytest.fixture
def keys(folder):
    return badge_keys(folder)


def status_list(keys, revoked=()):
    return signed_status_list(ADDRESSES.status_list, revoked, site=SITE, keys=keys, now=datetime.now(UTC))


def verified(keys, *, credentials=(), tokens=(), revoked=(), **documents):
    """Ask the verifiers from npm, which reach nothing but these documents."""
    known = {
        f"{SITE}/.well-known/did.json": did_document(SITE, keys),
        ADDRESSES.status_list: status_list(keys, revoked),
    } | documents
    return ask_verifiers(credentials=credentials, tokens=tokens, documents=known)


def leaves(value, path=()):
    """Yield the path of every text in a document."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaves(below, (*path, index))
    else:
        yield path


def changed(document, path):
    """Return the document with one value changed."""
    copied = copy.deepcopy(document)
    *above, last = path
    holder = copied
    for step in above:
        holder = holder[step]
    value = holder[last]
    holder[last] = (not value) if isinstance(value, bool) else with_other_character(value)
    return copied


@pytest.mark.slow
def test_two_verifiers_accept_the_badge_and_refuse_it_with_any_field_changed(keys):
    document = signed_document(CERTIFICATE, ADDRESSES, keys)
    paths = list(leaves(document))
    altered = [changed(document, path) for path in paths]

    good, *bad = verified(keys, credentials=[document, *altered])["credentials"]

    assert good == {"digitalbazaar": True, "dcc": True}
    accepted = [path for path, answer in zip(paths, bad, strict=True) if any(answer.values())]
    assert len(paths) > 40
    assert accepted == []


@pytest.mark.slow
def test_two_verifiers_refuse_a_revoked_badge_and_a_list_of_another_key(keys, tmp_path):
    document = signed_document(CERTIFICATE, ADDRESSES, keys)
    make_badge_keys(tmp_path)
    foreign = {ADDRESSES.status_list: status_list(badge_keys(tmp_path))}

    revoked = verified(keys, credentials=[document], revoked=[37])["credentials"]
    neighbour = verified(keys, credentials=[document], revoked=[36])["credentials"]
    forged = verified(keys, credentials=[document], **foreign)["credentials"]

    assert revoked == [{"digitalbazaar": False, "dcc": False}]
    assert neighbour == [{"digitalbazaar": True, "dcc": True}]
    assert forged == [{"digitalbazaar": False, "dcc": False}]


@pytest.mark.slow
def test_independent_library_accepts_the_token_and_refuses_any_part_changed(keys):
    token = signed_token(CERTIFICATE, ADDRESSES, keys)
    parts = token.split(".")
    altered = []
    for index, part in enumerate(parts):
        forged = with_other_character(part, len(part) // 2)
        altered.append(".".join([*parts[:index], forged, *parts[index + 1 :]]))

    assert verified(keys, tokens=[token, *altered])["tokens"] == [True, False, False, False]


def test_badge_says_what_the_paper_says_and_nothing_of_poverty(keys):
    document = signed_document(CERTIFICATE, ADDRESSES, keys)

    subject = document["credentialSubject"]
    assert document["issuer"]["id"] == "did:web:cunbo.example"
    assert [each["identityHash"] for each in subject["identifier"]] == ["示例·𠮷", CERTIFICATE.number]
    assert [each["value"] for each in subject["result"]] == ["21.5", "80"]
    assert "24 class hours of 45 minutes" in subject["achievement"]["description"]
    assert document["credentialStatus"]["statusListIndex"] == "37"


def test_same_certificate_and_keys_give_the_same_badge(keys):
    assert signed_document(CERTIFICATE, ADDRESSES, keys) == signed_document(CERTIFICATE, ADDRESSES, keys)
    assert signed_token(CERTIFICATE, ADDRESSES, keys) == signed_token(CERTIFICATE, ADDRESSES, keys)


def test_status_list_holds_for_a_week(keys):
    now = datetime(2026, 5, 6, tzinfo=UTC)

    document = signed_status_list(ADDRESSES.status_list, [], site=SITE, keys=keys, now=now)

    assert datetime.fromisoformat(document["validUntil"]) - now == LIST_HOLDS == timedelta(days=7)


def test_lists_follow_each_other():
    assert list_and_index(0) == (0, 0)
    assert list_and_index(LIST_LENGTH - 1) == (0, LIST_LENGTH - 1)
    assert list_and_index(LIST_LENGTH) == (1, 0)


def test_issuer_on_a_port_of_its_own():
    assert issuer_did("http://localhost:8000") == "did:web:localhost%3A8000"


def test_keys_are_made_once(tmp_path):
    assert make_badge_keys(tmp_path) == ["badge-ed25519-1.pem", "badge-rsa-1.pem"]
    assert make_badge_keys(tmp_path) == []
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.slow
def test_badge_of_an_earlier_key_verifies_after_the_rotation(tmp_path):
    make_badge_keys(tmp_path)
    before = signed_document(CERTIFICATE, ADDRESSES, badge_keys(tmp_path))
    make_badge_keys(tmp_path, rotate=True)
    keys = badge_keys(tmp_path)
    after = signed_document(CERTIFICATE, ADDRESSES, keys)

    answers = verified(keys, credentials=[before, after])["credentials"]

    assert after["proof"]["verificationMethod"].endswith("#ed25519-2")
    assert answers == [{"digitalbazaar": True, "dcc": True}] * 2
