"""Engines.md A2 as a table: what is altered is refused by us, and what poppler says of it."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from hashlib import sha256

import pikepdf
import pkcs11
import pytest
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.management import call_command
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.pdf_utils.generic import ArrayObject, NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import keystore, signing
from certificates.checking import MOST_BYTES, check_signature
from certificates.errors import CertificateError, NothingSigns
from certificates.models import Certificate, PublishedKey
from certificates.queries import check_file, published
from certificates.rendering import render_pdf
from certificates.services import init_signing, render_certificate
from certificates.services import keys as key_services
from certificates.services.printing import look_of, sheet_of
from certificates.signing import forget_keys, sign_pdf
from tests.factories.certificates import EnrolmentFactory, issued

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def paper(signing, private_files):
    """A printed certificate and its bytes."""
    certificate = issued(EnrolmentFactory(completed=True))
    render_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    with certificate.pdf.open() as file:
        return certificate, file.read()


def one_byte_flipped(pdf: bytes) -> bytes:
    place = pdf.index(b"stream") + 40
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def rewritten(pdf: bytes) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(made)
    return made.getvalue()


def drawn_over(pdf: bytes) -> bytes:
    """A line drawn on the page by an incremental update, as an editor would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    drawing = writer.add_object(StreamObject(stream_data=b"0 0 m 500 500 l S"))
    page, _ = writer.find_page_for_modification(0)
    before = page.get_object().raw_get("/Contents")
    page.get_object()[NameObject("/Contents")] = ArrayObject([before, drawing])
    writer.update_container(page.get_object())
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def junk_appended(pdf: bytes) -> bytes:
    return pdf + b"\n% more\n"


def name_changed(pdf: bytes) -> bytes:
    """The title in the metadata, which holds the number, as plain bytes of another length."""
    return pdf.replace(b"/Type", b"/Typo", 1)


def cut_short(pdf: bytes) -> bytes:
    return pdf[:-200]


ALTERED = [one_byte_flipped, rewritten, drawn_over, junk_appended, name_changed, cut_short]


def test_printed_certificate_is_signed_and_holds(paper):
    certificate, pdf = paper

    verdict = check_file(pdf)

    assert verdict.holds
    assert verdict.as_json() == {
        "intact": True,
        "trusted": True,
        "covers_entire_file": True,
        "matches_issued": True,
        "state": "valid",
        "number": certificate.number,
    }


@pytest.mark.parametrize("alter", ALTERED, ids=lambda alter: alter.__name__)
def test_altered_file_is_refused_by_signature_and_by_hash(paper, alter):
    _certificate, pdf = paper
    altered = alter(pdf)
    roots = [key.pem for key in published(PublishedKey.Use.ROOT)]

    assert altered != pdf
    assert not check_signature(altered, roots).holds
    assert check_file(altered).as_json()["matches_issued"] is False
    assert not check_file(altered).is_genuine


def test_junk_after_the_end_shows_in_the_coverage_alone(paper):
    """Ordinary readers call such a file valid: the signature itself still fits."""
    _certificate, pdf = paper

    check = check_signature(junk_appended(pdf), [key.pem for key in published(PublishedKey.Use.ROOT)])

    assert (check.intact, check.covers_entire_file) == (True, False)


def test_signature_under_a_foreign_root_is_not_trusted(paper, settings, tmp_path):
    _certificate, pdf = paper
    known = [key.pem for key in published(PublishedKey.Use.ROOT)]
    settings.SIGNING_DIR = tmp_path / "foreign"
    foreign_keys(settings.SIGNING_DIR)
    forged = sign_pdf(unsigned_of(pdf))

    check = check_signature(forged, known)

    assert (check.intact, check.trusted, check.covers_entire_file) == (True, False, True)


def foreign_keys(folder) -> None:
    folder.mkdir(parents=True)
    key_services._make_root(folder, 2048, datetime.now(UTC))
    key_services._make_leaf(folder, 2048, datetime.now(UTC), anew=True)
    key_services._write_key(folder / keystore.CODE_KEY, ec.generate_private_key(ec.SECP256R1()))
    forget_keys()


def unsigned_of(pdf: bytes) -> bytes:
    """The sheet as it was before the signature was appended."""
    return pdf[: pdf.index(b"%%EOF") + 6]


def test_same_certificate_gives_the_same_bytes_before_signing(paper):
    certificate, _pdf = paper

    again = render_pdf(sheet_of(certificate, look_of(certificate.design), certificate.code))

    assert sha256(again).hexdigest() == certificate.unsigned_sha256


def test_file_of_a_revoked_certificate_is_genuine_and_does_not_hold(paper):
    certificate, pdf = paper
    Certificate.objects.filter(pk=certificate.pk).update(state="revoked", state_reason="red_line")

    verdict = check_file(pdf)

    assert (verdict.is_genuine, verdict.holds, verdict.as_json()["state"]) == (True, False, "revoked")


@pytest.mark.parametrize("hostile", [b"", b"%PDF-1.7", b"\x00" * 1000, b"%PDF-1.7\n" + b"[" * 50_000])
def test_hostile_file_proves_nothing(signing, hostile):
    assert not check_file(hostile).is_genuine


def test_file_beyond_the_limit_is_not_even_read():
    assert not check_signature(b"%PDF" * MOST_BYTES, []).holds


def test_command_exits_zero_only_for_what_holds(paper, tmp_path, capsys):
    certificate, pdf = paper
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(pdf)
    bad.write_bytes(junk_appended(pdf))

    call_command("verify_certificate", str(good), "--json")
    with pytest.raises(SystemExit) as altered:
        call_command("verify_certificate", str(bad), "--json")
    Certificate.objects.filter(pk=certificate.pk).update(state="revoked", state_reason="red_line")
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(good), "--json")

    assert altered.value.code == 1
    assert '"state": "revoked"' in capsys.readouterr().out.splitlines()[-1]


def test_rotation_keeps_old_papers_valid_and_signs_with_new_keys(paper, settings, tmp_path):
    _certificate, pdf = paper
    folder = tmp_path / "rotated"
    shutil.copytree(settings.SIGNING_DIR, folder)
    settings.SIGNING_DIR = folder

    new = init_signing(rotate=True, bits=2048)
    newer = issued(EnrolmentFactory(completed=True))
    render_certificate(certificate_id=newer.pk)
    newer.refresh_from_db()

    assert sorted(key.use for key in new) == ["code", "leaf"]
    assert PublishedKey.objects.filter(replaced_at=None).count() == 3
    assert check_file(pdf).holds
    with newer.pdf.open() as file:
        assert check_file(file.read()).holds


def test_making_keys_again_changes_nothing(signing):
    assert init_signing(bits=2048) == []


def test_private_keys_are_readable_by_their_owner_only(signing, key_folder):
    modes = {path.name: path.stat().st_mode & 0o777 for path in key_folder.glob("*.key")}

    assert modes == {"root.key": 0o600, "leaf.key": 0o600, "code.key": 0o600}


def test_replaced_key_does_not_come_back(signing, settings, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(settings.SIGNING_DIR, old)
    new = tmp_path / "new"
    shutil.copytree(settings.SIGNING_DIR, new)
    settings.SIGNING_DIR = new
    init_signing(rotate=True, bits=2048)
    settings.SIGNING_DIR = old

    with pytest.raises(CertificateError, match="does not come back"):
        init_signing(bits=2048)


def test_nothing_is_printed_without_keys(settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "none"
    forget_keys()
    certificate = issued(EnrolmentFactory(completed=True))

    with pytest.raises(NothingSigns):
        render_certificate(certificate_id=certificate.pk)


def test_key_from_a_pkcs12_file_signs_and_its_root_is_published(signing, settings, tmp_path, key_folder):
    keys = keystore.load_keys()
    packed = pkcs12.serialize_key_and_certificates(
        b"office", keys.private, keys.leaf, list(keys.chain), BestAvailableEncryption(b"secret")
    )
    (tmp_path / "office.p12").write_bytes(packed)
    settings.SIGNING_DIR, settings.SIGNING_PKCS12 = tmp_path / "codes", str(tmp_path / "office.p12")
    settings.SIGNING_PASSWORD = "secret"

    assert [key.use for key in init_signing()] == ["code"]  # leaf and root are the published ones
    certificate = issued(EnrolmentFactory(completed=True))
    render_certificate(certificate_id=certificate.pk)

    certificate.refresh_from_db()
    with certificate.pdf.open() as file:
        assert check_file(file.read()).holds


def test_signature_bears_a_time_stamp_where_a_server_is_named(paper, monkeypatch):
    _certificate, pdf = paper
    keys = keystore.load_keys()
    stamper = DummyTimeStamper(
        tsa_cert=signing_module_plain(keys.leaf),
        tsa_key=private_info(keys.private),
        certs_to_embed=SimpleCertificateStore(),
    )
    monkeypatch.setattr(signing, "time_stamper", lambda: stamper)

    stamped = sign_pdf(unsigned_of(pdf))

    signature = PdfFileReader(io.BytesIO(stamped)).embedded_signatures[0]
    kinds = [each["type"].native for each in signature.signer_info["unsigned_attrs"]]
    assert kinds == ["signature_time_stamp_token"]
    assert check_signature(stamped, [key.pem for key in published(PublishedKey.Use.ROOT)]).holds


def signing_module_plain(certificate):
    return signing._plain(certificate)


def private_info(key):
    der = key.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    return PrivateKeyInfo.load(der)


@pytest.fixture
def poppler(paper, tmp_path):
    """What `pdfsig` says of bytes, with our root in its store."""
    store = tmp_path / "nss"
    store.mkdir()
    root = tmp_path / "root.crt"
    root.write_text(published(PublishedKey.Use.ROOT)[0].pem)
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", str(root)], check=True
    )

    def say(pdf: bytes) -> str:
        file = tmp_path / "asked.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(
            ["pdfsig", "-nssdir", f"sql:{store}", str(file)], capture_output=True, text=True, check=False
        )
        return done.stdout

    return say


def test_poppler_says_total_document_signed_of_ours_and_of_nothing_altered(paper, poppler):
    _certificate, pdf = paper

    answer = poppler(pdf)

    assert "Signature is Valid" in answer
    assert "Certificate is Trusted" in answer
    assert "Total document signed" in answer
    for alter in (one_byte_flipped, rewritten, drawn_over, junk_appended, cut_short):
        said = poppler(alter(pdf))
        is_whole = "Signature is Valid" in said and re.search(r"^\s*- Total document signed$", said, re.M)
        assert not is_whole, alter.__name__


@pytest.fixture
def token(signing, settings, tmp_path, monkeypatch):
    """A software token that holds our key and certificate; nothing but the code key lies in a file."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    make = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "office",
        "--pin",
        "1234",
        "--so-pin",
        "4321",
    ]
    subprocess.run(make, check=True, capture_output=True)
    keys = keystore.load_keys()
    library = pkcs11.lib(MODULE)
    with library.get_token(token_label="office").open(user_pin="1234", rw=True) as session:
        der = keys.private.private_bytes(
            form.Encoding.DER, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
        )
        kept = {pkcs11.Attribute.LABEL: "leaf", pkcs11.Attribute.TOKEN: True}
        session.create_object(decode_rsa_private_key(der) | kept)
        certificate = keys.leaf.public_bytes(form.Encoding.DER)
        session.create_object(decode_x509_certificate(certificate) | kept)
    folder = tmp_path / "codes"
    folder.mkdir()
    shutil.copy(settings.SIGNING_DIR / keystore.CODE_KEY, folder)
    shutil.copy(settings.SIGNING_DIR / keystore.ROOT, folder)
    settings.SIGNING_DIR, settings.SIGNING_PASSWORD = folder, "1234"
    settings.SIGNING_PKCS11_MODULE = MODULE
    settings.SIGNING_PKCS11_TOKEN, settings.SIGNING_PKCS11_LABEL = "office", "leaf"


MODULE = "/usr/lib/softhsm/libsofthsm2.so"


def test_key_in_a_token_signs_and_never_leaves_it(token, private_files):
    assert init_signing() == []  # code key and root are the published ones
    certificate = issued(EnrolmentFactory(completed=True))
    render_certificate(certificate_id=certificate.pk)

    certificate.refresh_from_db()
    with certificate.pdf.open() as file:
        assert check_file(file.read()).holds
