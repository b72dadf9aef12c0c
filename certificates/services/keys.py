"""Making, publishing and replacing the keys that sign certificates."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from certificates import keystore
from certificates.badge_keys import make_badge_keys
from certificates.errors import CertificateError
from certificates.models import PublishedKey
from certificates.signing import forget_keys
from registry.models import AuditAction
from registry.services import record

_ROOT_YEARS, _LEAF_YEARS = 30, 10
_BITS = 3072
Use = PublishedKey.Use
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def init_signing(
    *, rotate: bool = False, bits: int = _BITS, now: datetime | None = None
) -> list[PublishedKey]:
    """Make the keys that are missing, publish all that sign, and return those newly published.

    With `rotate` a new signing certificate under the same root and a new key of the QR codes take over;
    what the old ones signed stays valid, because their public halves stay published. Keys that come from
    a PKCS#12 file or a token are not made here, only published. The keys of the badges need no row: their
    files alone say what `did.json` publishes.
    """
    now = now or timezone.now()
    made = make_key_files(rotate=rotate, bits=bits, now=now)
    return _publish_all(made, now)


def make_key_files(*, rotate: bool = False, bits: int = _BITS, now: datetime | None = None) -> list[str]:
    """Write the key files that are missing, or new ones; return the names of the badges' new files."""
    now = now or timezone.now()
    folder = keystore.folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not settings.SIGNING_PKCS12 and not keystore.uses_pkcs11():
        _make_root(folder, bits, now)
        _make_leaf(folder, bits, now, anew=rotate)
    if rotate or not (folder / keystore.CODE_KEY).exists():
        _write_key(folder / keystore.CODE_KEY, ec.generate_private_key(ec.SECP256R1()))
    forget_keys()
    return make_badge_keys(folder, rotate=rotate, bits=bits)


@transaction.atomic
def _publish_all(badge_files: list[str], now: datetime) -> list[PublishedKey]:
    code_key = keystore.load_code_key().public_key()
    parts = [(Use.CODE, _key_id(code_key), _public_pem(code_key))]
    if keystore.uses_pkcs11():
        parts += [(Use.ROOT, _key_id(each.public_key()), _pem(each)) for each in keystore.token_roots()]
    else:
        keys = keystore.load_keys()
        parts.append((Use.LEAF, _key_id(keys.leaf.public_key()), _pem(keys.leaf)))
        root = next((each for each in keys.chain if each.issuer == each.subject), keys.leaf)
        parts.append((Use.ROOT, _key_id(root.public_key()), _pem(root)))
    published = [_publish(use, key_id, pem, now) for use, key_id, pem in parts]
    new = [key for key in published if key is not None]
    if new or badge_files:
        record(
            actor=None,
            action=AuditAction.SIGNING_KEYS_CHANGED,
            detail={key.use: key.key_id[:16] for key in new}
            | ({"badges": badge_files} if badge_files else {}),
            now=now,
        )
    return new


def _publish(use: str, key_id: str, pem: str, now: datetime) -> PublishedKey | None:
    """Publish a key as the one that signs now; None when it already is."""
    if PublishedKey.objects.filter(use=use, key_id=key_id, replaced_at=None).exists():
        return None
    if PublishedKey.objects.filter(use=use, key_id=key_id).exists():
        raise CertificateError("This key was replaced before; a replaced key does not come back.")
    PublishedKey.objects.filter(use=use, replaced_at=None).update(replaced_at=now)
    return PublishedKey.objects.create(use=use, key_id=key_id, pem=pem, since=now)


def _make_root(folder: Path, bits: int, now: datetime) -> None:
    if (folder / keystore.ROOT).exists():
        return
    key = rsa.generate_private_key(65537, bits)
    name = _name("Cunbo root of certificates")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(name, name, key.public_key(), now, _ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    _write_key(folder / keystore.ROOT_KEY, key)
    (folder / keystore.ROOT).write_bytes(_pem(builder.sign(key, hashes.SHA256())).encode())


def _make_leaf(folder: Path, bits: int, now: datetime, *, anew: bool) -> None:
    if (folder / keystore.LEAF).exists() and not anew:
        return
    root = x509.load_pem_x509_certificate((folder / keystore.ROOT).read_bytes())
    root_key = serialization.load_pem_private_key((folder / keystore.ROOT_KEY).read_bytes(), None)
    assert isinstance(root_key, rsa.RSAPrivateKey)  # noqa: S101 - made above
    key = rsa.generate_private_key(65537, bits)
    body = settings.ISSUING_BODIES.get(settings.HOME_COUNTY, ("Cunbo", "Cunbo"))[0]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(_name(body), root.subject, key.public_key(), now, _LEAF_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
    )
    _write_key(folder / keystore.LEAF_KEY, key)
    (folder / keystore.LEAF).write_bytes(_pem(builder.sign(root_key, hashes.SHA256())).encode())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _write_key(path: Path, key: PrivateKey) -> None:
    """Write a private key where only the owner reads it, at once or not at all."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    half.replace(path)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _der(key: object) -> bytes:
    public: rsa.RSAPublicKey = key  # type: ignore[assignment]  # every kind of key writes itself like this
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _public_pem(key: ec.EllipticCurvePublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def _key_id(key: object) -> str:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(_der(key))
    return digest.finalize().hex()
