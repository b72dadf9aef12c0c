"""Where the private keys are: files, a PKCS#12 file or a PKCS#11 token, by setting. Only workers need them.

SIGNING_DIR            our own files, made by `manage.py init_signing`; the QR codes' key always lies here
SIGNING_PKCS12         a real organisation's certificate with its key; SIGNING_PASSWORD opens it
SIGNING_PKCS11_MODULE  a token's library, with SIGNING_PKCS11_TOKEN, _LABEL and SIGNING_PASSWORD (the PIN);
                           the root above its certificate lies as root.crt in SIGNING_DIR
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate, load_pem_x509_certificate
from django.conf import settings
from pyhanko.sign.signers import Signer

from certificates.errors import NothingSigns

ROOT, ROOT_KEY = "root.crt", "root.key"
LEAF, LEAF_KEY = "leaf.crt", "leaf.key"
CODE_KEY = "code.key"


@dataclass(frozen=True, eq=False)
class Keys:
    """What signs PDFs: the key, its certificate, and the certificates above it."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    leaf: Certificate
    chain: tuple[Certificate, ...]


def folder() -> Path:
    """Return the folder of our own key files."""
    return Path(settings.SIGNING_DIR)


def uses_pkcs11() -> bool:
    """Tell whether a token signs."""
    return bool(settings.SIGNING_PKCS11_MODULE)


@lru_cache(maxsize=1)
def load_keys() -> Keys:
    """Return the keys that sign now; read once a process. Raises `NothingSigns`."""
    try:
        return _from_pkcs12() if settings.SIGNING_PKCS12 else _from_files()
    except FileNotFoundError as missing:
        raise NothingSigns(str(missing.filename)) from None


def load_code_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of the QR codes. Raises `NothingSigns`."""
    try:
        key = _private(folder() / CODE_KEY)
    except FileNotFoundError as missing:
        raise NothingSigns(str(missing.filename)) from None
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    return key


def pkcs11_signer() -> Signer:
    """Return a signer on the token, its session kept open. Needs the extra `pkcs11`."""
    return _token(
        settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN, settings.SIGNING_PKCS11_LABEL
    )


def token_roots() -> list[Certificate]:
    """Return the root above the token's certificate, as somebody put it beside our own files."""
    path = folder() / ROOT
    return [load_pem_x509_certificate(path.read_bytes())] if path.exists() else []


@lru_cache(maxsize=1)
def _token(module: str, token: str, label: str) -> Signer:
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    session = open_pkcs11_session(
        module, token_criteria=TokenCriteria(label=token), user_pin=settings.SIGNING_PASSWORD
    )
    return PKCS11Signer(session, cert_label=label)


def _from_files() -> Keys:
    leaf = load_pem_x509_certificate((folder() / LEAF).read_bytes())
    root = load_pem_x509_certificate((folder() / ROOT).read_bytes())
    return Keys(_private(folder() / LEAF_KEY), leaf, (root,))


def _from_pkcs12() -> Keys:
    key, leaf, chain = pkcs12.load_key_and_certificates(
        Path(settings.SIGNING_PKCS12).read_bytes(), settings.SIGNING_PASSWORD.encode() or None
    )
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)) or leaf is None:
        raise NothingSigns(settings.SIGNING_PKCS12)
    return Keys(key, leaf, tuple(chain))


def _private(path: Path) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))  # noqa: S101 - we made it
    return key
