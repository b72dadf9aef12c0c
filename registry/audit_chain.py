"""The arithmetic of the audit log: what an entry's hash covers. No database, no clock.

HMAC-SHA256 over the canonical JSON of the entry and the hash of the entry before it, under a key from
`settings.AUDIT_KEYS`, so that somebody who can write the database cannot make a chain that verifies.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from django.conf import settings

GENESIS = bytes(32)
_REDACTED = "***"
# An ID number (18 characters, 15 of the old kind) or a mobile number, alone or inside a sentence.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15}|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![0-9A-Za-z])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Link:
    """What the hash of an entry covers; the order of the fields is the order of the columns."""

    seq: int
    at: datetime
    actor_id: int | None
    action: str
    person_id: int | None
    region_code: str
    detail: dict[str, object]
    network: str
    key_id: int
    previous_hash: bytes


def newest_key_id() -> int:
    """Return the id of the key that signs."""
    return max(settings.AUDIT_KEYS)


def link_hash(link: Link) -> bytes:
    """Return the hash of an entry; raises KeyError when its key is not in the settings."""
    fields = {name: getattr(link, name) for name in link.__slots__}
    fields["at"] = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields["previous_hash"] = bytes(link.previous_hash).hex()
    return _sign(link.key_id, "entry", canonical_json(fields))


def head_signature(*, seq: int, entry_hash: bytes | memoryview, key_id: int) -> bytes:
    """Return the signature that says: the chain goes as far as this entry."""
    return _sign(key_id, "head", canonical_json({"seq": seq, "hash": bytes(entry_hash).hex()}))


def canonical_json(value: object) -> str:
    """Return the one spelling of `value`, the same before and after a round trip through jsonb."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def plain_detail(value: object) -> object:
    """Return `value` fit for the log: only text, whole numbers, truth values, lists and texts as keys.

    ID and phone numbers inside a text become stars: a reason typed in haste may hold one. Names cannot be
    told from other words; callers give the person, never her name. Raises TypeError for anything else
    (fractions do not survive jsonb letter by letter).
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _NUMBERS.sub(_REDACTED, "".join(filter(_is_storable, value)))
    if isinstance(value, Mapping):
        return {_key(key): plain_detail(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_detail(item) for item in value]
    raise TypeError(f"The audit log keeps no {type(value).__name__}.")


def network_of(address: str) -> str:
    """Return the network an address lies in: enough to tell the office from elsewhere, no device."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("The audit log's detail has texts as keys.")
    return _NUMBERS.sub(_REDACTED, "".join(filter(_is_storable, key)))


def _is_storable(character: str) -> bool:
    """Jsonb holds neither NUL nor half of a surrogate pair."""
    return character != "\0" and not "\ud800" <= character <= "\udfff"


def _sign(key_id: int, purpose: str, text: str) -> bytes:
    key = bytes.fromhex(settings.AUDIT_KEYS[key_id])
    return hmac.digest(key, f"{purpose}:{text}".encode(), hashlib.sha256)
