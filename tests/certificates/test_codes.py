"""The signed payload of the QR code: what it says comes back, and nothing altered does."""

import base64
import json
import shutil
import subprocess
from datetime import date
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.urls import reverse

from certificates import codes
from certificates.codes import read_code, revocation_id, signed_code
from certificates.errors import InvalidCode
from certificates.models import Certificate
from certificates.services import init_signing, render_certificate
from certificates.signing import forget_keys
from tests.certificates.test_rendering import NUMBER, PRINTED
from tests.factories.certificates import EnrolmentFactory, issued
from tests.forging import with_other_character

KEY = ec.generate_private_key(ec.SECP256R1())
KEYS = [KEY.public_key()]
FIELDS = {
    "name": "学员乙",
    "sex": "M",
    "birth_year": 1973,
    "course_code": "PKG-25",
    "course_name": "农产品摄影",
    "studied_from": "2026-03-04",
    "studied_until": "2026-03-29",
    "hours": "23.00",
    "practical": "95.50",
    "issued_on": "2026-03-29",
}


def code_of(number=NUMBER, version=1, key=KEY, **changes) -> str:
    return signed_code(PRINTED | changes, number=number, version=version, key=key)


def with_signature_of(body_of: str, signature_of: str) -> str:
    """What a forger would make: another body above a signature that was given."""
    parts = [base64.urlsafe_b64decode(text[3:] + "==") for text in (body_of, signature_of)]
    forged = parts[0][:-64] + parts[1][-64:]
    return "c1." + base64.urlsafe_b64encode(forged).decode().rstrip("=")


def test_code_says_what_the_paper_says():
    facts = read_code(f"https://cunbo.example/verify/{NUMBER}/?k=X#{code_of(version=3)}", KEYS)

    assert facts == codes.CodeFacts(
        number=NUMBER,
        version=3,
        name="学员甲",
        sex="F",
        birth_year=1972,
        course_code="PKG-24",
        course_name="农产品包装",
        studied_from=date(2026, 3, 3),
        studied_until=date(2026, 3, 28),
        issued_on=date(2026, 3, 28),
        hours=Decimal("24"),
        practical=Decimal("85.5"),
    )


def test_same_paper_has_the_same_code():
    assert code_of() == code_of()


@pytest.mark.parametrize("field", FIELDS)
def test_every_changed_field_is_refused(field):
    with pytest.raises(InvalidCode):
        read_code(with_signature_of(code_of(**{field: FIELDS[field]}), code_of()), KEYS)


@pytest.mark.parametrize(
    ("number", "version"),
    [("H431125-2026-0012-0038-F", 1), ("Z431125-2026-0012-0037-7", 1), (NUMBER, 2)],
)
def test_changed_number_or_version_is_refused(number, version):
    number = str(codes.CertificateNumber(number[0], "431125", 2026, 12, int(number[18:22])))

    with pytest.raises(InvalidCode):
        read_code(with_signature_of(code_of(number=number, version=version), code_of()), KEYS)


def test_every_changed_character_is_refused():
    code = code_of()

    for place in range(3, len(code)):
        altered = with_other_character(code, place)
        with pytest.raises(InvalidCode):
            read_code(altered, KEYS)


@pytest.mark.parametrize(
    "text", ["", "c1.", "c2.AAAA", "https://cunbo.example/verify/", "c1.!!!", "c1." + "A" * 400]
)
def test_what_is_no_code_is_refused(text):
    with pytest.raises(InvalidCode):
        read_code(text, KEYS)


def test_code_of_another_key_is_refused():
    with pytest.raises(InvalidCode, match="key we do not know"):
        read_code(code_of(key=ec.generate_private_key(ec.SECP256R1())), KEYS)


def test_longest_and_rarest_names_fit():
    name = "𠮷" * 100

    facts = read_code(code_of(name=name, course_name="农" * 80, practical=""), KEYS)

    assert facts.name == "𠮷" * 61 + "…"
    assert facts.course_name == "农" * 19 + "…"
    assert facts.practical is None


@pytest.fixture
def paper(signing, private_files):
    certificate = issued(EnrolmentFactory(completed=True, person__name="学员𠮷"))
    render_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    return certificate


def scanned(certificate, tmp_path) -> str:
    """What a scanner reads from the printed sheet."""
    with certificate.pdf.open() as file:
        (tmp_path / "paper.pdf").write_bytes(file.read())
    subprocess.run(["pdftoppm", "-r", "200", "-png", tmp_path / "paper.pdf", tmp_path / "paper"], check=True)
    run = subprocess.run(
        ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", tmp_path / "paper-1.png"],
        capture_output=True,
        check=True,
    )
    return run.stdout.decode().strip()


def test_scanned_code_verifies_with_the_command(paper, tmp_path, capsys):
    text = scanned(paper, tmp_path)

    call_command("verify_certificate", qr=text, json=True)

    answer = json.loads(capsys.readouterr().out)
    assert (answer["genuine"], answer["state"], answer["name"]) == (True, "valid", "学员𠮷")
    assert answer["number"] == paper.number


def test_scanned_code_verifies_without_database_and_names_the_age_of_its_list(
    paper, tmp_path, capsys, client, time_machine
):
    time_machine.move_to("2026-03-28T12:00:00+08:00", tick=False)
    for name in ("keys", "revoked"):
        (tmp_path / name).write_bytes(client.get(reverse(f"certificates:{name}")).content)
    time_machine.move_to("2026-03-30T12:00:00+08:00", tick=False)
    files = {"keys": tmp_path / "keys", "revoked": tmp_path / "revoked"}

    call_command("verify_certificate", qr=paper.code, json=True, **files)

    answer = json.loads(capsys.readouterr().out)
    assert (answer["state"], answer["list_age_seconds"]) == ("valid", 2 * 24 * 3600)


def test_revoked_paper_is_on_the_list_without_its_number(paper, tmp_path, client, capsys):
    Certificate.objects.filter(pk=paper.pk).update(state="revoked", state_reason="red_line")
    response = client.get(reverse("certificates:revoked"))
    (tmp_path / "revoked").write_bytes(response.content)
    (tmp_path / "keys").write_bytes(client.get(reverse("certificates:keys")).content)

    assert response.json()["ended"] == {revocation_id(paper.number, 1): "revoked"}
    assert paper.number not in response.content.decode()
    with pytest.raises(SystemExit):
        call_command(
            "verify_certificate", qr=paper.code, keys=tmp_path / "keys", revoked=tmp_path / "revoked"
        )


def test_altered_code_ends_the_command_with_one(paper, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("verify_certificate", qr=with_other_character(paper.code, -2), json=True)

    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["genuine"] is False


def test_code_of_a_replaced_key_still_verifies(paper, settings, tmp_path, capsys):

    shutil.copytree(settings.SIGNING_DIR, tmp_path / "keys")
    settings.SIGNING_DIR = tmp_path / "keys"
    init_signing(rotate=True, bits=2048)
    forget_keys()

    call_command("verify_certificate", qr=paper.code, json=True)

    assert json.loads(capsys.readouterr().out)["genuine"] is True
