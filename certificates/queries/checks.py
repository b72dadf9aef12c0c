"""What a file or a code that somebody holds proves; nothing here writes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.utils import timezone

from certificates.checking import SignatureCheck, check_signature
from certificates.codes import CodeFacts, read_code, revocation_id
from certificates.models import Certificate, PublishedKey
from certificates.queries.certificates import certificate_by_number

State = Certificate.State


@dataclass(frozen=True)
class FileVerdict:
    """What holds of a file: all four, and a valid certificate, or the paper proves nothing."""

    signature: SignatureCheck
    certificate: Certificate | None

    @property
    def holds(self) -> bool:
        """Whether the file is one we issued, unchanged, and its certificate holds today."""
        return self.is_genuine and self.certificate is not None and self.certificate.state == State.VALID

    @property
    def is_genuine(self) -> bool:
        """Whether the file is one we issued, unchanged, whatever became of its certificate."""
        return self.signature.holds and self.certificate is not None

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as machines read it."""
        return {
            **asdict(self.signature),
            "matches_issued": self.certificate is not None,
            "state": self.certificate.state if self.certificate else None,
            "number": self.certificate.number if self.certificate else None,
        }


def check_file(pdf: bytes) -> FileVerdict:
    """Check a PDF against the published roots and against what was issued, byte for byte."""
    issued = Certificate.objects.select_related("design").filter(pdf_sha256=sha256(pdf).hexdigest()).first()
    roots = PublishedKey.objects.filter(use=PublishedKey.Use.ROOT).values_list("pem", flat=True)
    return FileVerdict(check_signature(pdf, list(roots)), issued)


def check_code(text: str) -> tuple[CodeFacts, Certificate | None]:
    """Return what a QR code says and the certificate it belongs to. Raises `InvalidCode`."""
    facts = read_code(text, code_keys())
    return facts, certificate_by_number(facts.number, facts.version)


def code_keys() -> list[ec.EllipticCurvePublicKey]:
    """Return every key that QR codes were ever signed with."""
    pems = PublishedKey.objects.filter(use=PublishedKey.Use.CODE).values_list("pem", flat=True)
    keys = [load_pem_public_key(pem.encode()) for pem in pems]
    return [key for key in keys if isinstance(key, ec.EllipticCurvePublicKey)]


def published(use: str) -> list[PublishedKey]:
    """Return the published keys of one use, the one that signs now first."""
    return list(PublishedKey.objects.filter(use=use).order_by("-since", "-pk"))


def revocation_list(now: datetime | None = None) -> dict[str, Any]:
    """Return the list that works without a network: which versions no longer hold, and as of when."""
    ended = Certificate.objects.exclude(state=State.VALID).order_by("pk")
    rows = ended.values_list("number", "version", "state")
    return {
        "made_at": (now or timezone.now()).isoformat(timespec="seconds"),
        "ended": {revocation_id(number, version): state for number, version, state in rows},
    }
