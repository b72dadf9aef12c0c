"""Signing a sheet (PAdES B-B, or B-T with a time stamp) so that every later change shows.

Keys are read once a process: pyHanko's own signer parses the key for each signature, and checking an RSA-3072
key takes a hundred times as long as signing with it (16 times the throughput, with the size known as well).
The signature allows no changes (DocMDP), and no picture of it is drawn: pictures prove nothing.
"""

import io
from functools import lru_cache

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.client import time_stamper
from certificates.keystore import Keys, load_keys, pkcs11_signer, uses_pkcs11

FIELD = "Certificate"
# Hexadecimal digits kept free for the signature: a chain of two certificates, and a time stamp with its own.
_RESERVED = 16_384
_RESERVED_WITH_STAMP = 32_768


class KeptKeySigner(signers.Signer):
    """Signs with a key that stays loaded."""

    def __init__(self, keys: Keys) -> None:
        chain = SimpleCertificateStore.from_certs([_plain(each) for each in (keys.leaf, *keys.chain)])
        super().__init__(signing_cert=_plain(keys.leaf), cert_registry=chain, embed_roots=False)
        self._key = keys.private

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the signature over `data`."""
        digest = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


def sign_pdf(pdf: bytes, *, reason: str = "") -> bytes:
    """Return the sheet with its signature. Raises `NothingSigns`."""
    stamper = time_stamper()
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason or None,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed = io.BytesIO()
    signers.PdfSigner(meta, signer=_signer(), timestamper=stamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        bytes_reserved=_reserved(stamper),
        output=signed,
    )
    return signed.getvalue()


def forget_keys() -> None:
    """Read the keys anew: they were changed."""
    load_keys.cache_clear()
    _kept.cache_clear()


def _signer() -> signers.Signer:
    return pkcs11_signer() if uses_pkcs11() else _kept(load_keys())


@lru_cache(maxsize=2)
def _kept(keys: Keys) -> signers.Signer:
    return KeptKeySigner(keys)


def _reserved(stamper: TimeStamper | None) -> int:
    return _RESERVED if stamper is None else _RESERVED_WITH_STAMP


def _plain(certificate: Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
