"""The signed payload in a certificate's QR code: what the paper says, provable without a network. Pure.

The QR code holds the check page's address, and behind `#` this payload, which a browser never sends:

    address/verify/H431125-2026-0012-0037-H/?k=CHECKTEXT#c1.PAYLOAD

PAYLOAD is base64url without padding of `body + signature`. The signature is ECDSA over P-256 with SHA-256
(deterministic, RFC 6979), as 32 bytes r and 32 bytes s: what WebCrypto verifies on any phone.
Body, big-endian:

    4  key id, the first bytes of SHA-256 over the public key (SubjectPublicKeyInfo, DER)
    1  kind of paper, ASCII letter          3  county code          2  year    2  class    2  seat
    1  version                              1  sex (0 not said, 1 F, 2 M)      2  birth year, 0 not said
    2  first and 2 last day of study, 2 day of issue: days since 2000-01-01
    4  class hours, in hundredths           2  mark, in hundredths; 65535 when there is none
    then three texts, UTF-8, each after one byte of length: name, course code, course name (cut at 60 bytes)

The check character of the number is worked out again, not stored. Keys: `/verify/keys.json`.
"""

import base64
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certificates.errors import InvalidCode
from certificates.numbering import CertificateNumber, parse_number

MARK = "c1."
_FIXED = struct.Struct(">4ss3sHHHBBHHHHIH")
_SIGNATURE = 64
_EPOCH = date(2000, 1, 1)
_NO_MARK = 65535
_SEXES = ("", "F", "M")
_COURSE_BYTES = 60
_HASH = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


@dataclass(frozen=True)
class CodeFacts:
    """What a code says."""

    number: str
    version: int
    name: str
    sex: str
    birth_year: int | None
    course_code: str
    course_name: str
    studied_from: date
    studied_until: date
    issued_on: date
    hours: Decimal
    practical: Decimal | None


def key_id_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the four bytes by which a code names its key."""
    return sha256(_der(key)).digest()[:4]


def signed_code(
    printed: dict[str, Any], *, number: str, version: int, key: ec.EllipticCurvePrivateKey
) -> str:
    """Return the text for the QR code of one version of a certificate."""
    body = _body(printed, number, version, key_id_of(key.public_key()))
    r, s = decode_dss_signature(key.sign(body, _HASH))
    signed = body + r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return MARK + base64.urlsafe_b64encode(signed).decode().rstrip("=")


def read_code(text: str, keys: list[ec.EllipticCurvePublicKey]) -> CodeFacts:
    """Return what a code says, given the address or the payload alone. Raises `InvalidCode`.

    Exactly one text is accepted for a payload: padding, other alphabets and trailing bits are refused.
    """
    payload = text.strip().rpartition("#")[2].removeprefix(MARK)
    try:
        signed = base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise InvalidCode("not a code") from None
    if base64.urlsafe_b64encode(signed).decode().rstrip("=") != payload:
        raise InvalidCode("not a code")
    if MARK + payload not in text or len(signed) <= _SIGNATURE + _FIXED.size:
        raise InvalidCode("not a code")
    body, signature = signed[:-_SIGNATURE], signed[-_SIGNATURE:]
    _check_signature(body, signature, keys)
    return _facts(body)


def _check_signature(body: bytes, signature: bytes, keys: list[ec.EllipticCurvePublicKey]) -> None:
    key = next((each for each in keys if key_id_of(each) == body[:4]), None)
    if key is None:
        raise InvalidCode("signed with a key we do not know")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise InvalidCode("the signature does not fit") from None


def _body(printed: dict[str, Any], number: str, version: int, key_id: bytes) -> bytes:
    parts = parse_number(number)
    days = [_days(printed[key]) for key in ("studied_from", "studied_until")]
    fixed = _FIXED.pack(
        key_id,
        parts.kind.encode(),
        int(parts.county_code).to_bytes(3, "big"),
        parts.year,
        parts.class_number,
        parts.seat,
        version,
        _SEXES.index(printed["sex"]) if printed["sex"] in _SEXES else 0,
        printed["birth_year"] or 0,
        *days,
        _days(printed.get("reissued_on") or printed["issued_on"]),
        int(Decimal(printed["hours"]) * 100),
        int(Decimal(printed["practical"]) * 100) if printed["practical"] else _NO_MARK,
    )
    texts = [_cut(printed["name"], 250), printed["course_code"], _cut(printed["course_name"], _COURSE_BYTES)]
    encoded = [text.encode() for text in texts]
    return fixed + b"".join(bytes([len(each)]) + each for each in encoded)


def _facts(body: bytes) -> CodeFacts:
    fields = _FIXED.unpack_from(body)
    texts = _texts(body[_FIXED.size :])
    number = CertificateNumber(
        fields[1].decode(), f"{int.from_bytes(fields[2], 'big'):06d}", fields[3], fields[4], fields[5]
    )
    return CodeFacts(
        number=str(number),
        version=fields[6],
        name=texts[0],
        sex=_SEXES[fields[7]],
        birth_year=fields[8] or None,
        course_code=texts[1],
        course_name=texts[2],
        studied_from=_day(fields[9]),
        studied_until=_day(fields[10]),
        issued_on=_day(fields[11]),
        hours=Decimal(fields[12]) / 100,
        practical=None if fields[13] == _NO_MARK else Decimal(fields[13]) / 100,
    )


def _texts(rest: bytes) -> list[str]:
    texts = []
    while rest:
        texts.append(rest[1 : 1 + rest[0]].decode())
        rest = rest[1 + rest[0] :]
    return texts


def _cut(text: str, most: int) -> str:
    """Return `text` within `most` bytes, with an ellipsis where something is left out."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode(errors="ignore") + "…"


def _days(day: str) -> int:
    return (date.fromisoformat(day) - _EPOCH).days


def _day(days: int) -> date:
    return _EPOCH + timedelta(days=days)


def _der(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def revocation_id(number: str, version: int) -> str:
    """Return by what the published list names a version: nobody reads numbers out of it."""
    return sha256(f"{number}/{version}".encode()).hexdigest()[:16]
