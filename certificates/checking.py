"""Whether a PDF is one we signed, whole and unchanged. Pure: the roots to trust come in.

A reader that says "signature valid" is not enough: junk after the end and drawings added later pass there
(engines.md A2). The signature must hold, cover the entire file, allow no change, and hang on our root.
"""

import io
from dataclasses import dataclass

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

MOST_BYTES = 3_000_000


@dataclass(frozen=True)
class SignatureCheck:
    """What the signature of a file proves."""

    intact: bool = False
    trusted: bool = False
    covers_entire_file: bool = False

    @property
    def holds(self) -> bool:
        """Whether all of it does."""
        return self.intact and self.trusted and self.covers_entire_file


def check_signature(pdf: bytes, roots: list[str]) -> SignatureCheck:
    """Return what the one signature of `pdf` proves, given the published roots (PEM).

    A file that cannot be read proves nothing. Certificates are judged as of now, expired leaves included:
    they were valid when they signed, and what was issued is looked up by its hash besides.
    """
    if len(pdf) > MOST_BYTES:
        return SignatureCheck()
    try:
        return _checked(pdf, [_certificate(text) for text in roots])
    except Exception:  # hostile files break readers in endless ways; none of them proves anything
        return SignatureCheck()


def _checked(pdf: bytes, roots: list[x509.Certificate]) -> SignatureCheck:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return SignatureCheck()
    signature = signatures[0]
    moment = signature.self_reported_timestamp
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
    status = validate_pdf_signature(
        signature, context, ts_validation_context=ValidationContext(allow_fetching=False)
    )
    covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    unchanged = status.docmdp_ok is not False and status.modification_level is not None
    return SignatureCheck(
        intact=status.intact and status.valid and unchanged,
        trusted=status.trusted,
        covers_entire_file=covers,
    )


def _certificate(text: str) -> x509.Certificate:
    _name, _headers, der = pem.unarmor(text.encode())
    return x509.Certificate.load(der)
