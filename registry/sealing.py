"""Sealed values: AES-256-GCM with a key id and bound context, and a keyed hash to look them up by.

Keys live in settings (`SEAL_KEYS`, `SEAL_INDEX_KEY`), never in the database. An ID number has too few
possibilities for a plain hash, so the index is HMAC-SHA256 with its own key.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
_KEY_ID_BYTES = 2


def seal(value: str, *, context: str) -> bytes:
    """Encrypt `value`; it opens only with the same `context` (table, column and row in one string)."""
    key_id = max(settings.SEAL_KEYS)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key_id).encrypt(nonce, value.encode(), context.encode())
    return key_id.to_bytes(_KEY_ID_BYTES, "big") + nonce + sealed


def unseal(sealed: bytes | memoryview, *, context: str) -> str:
    """Decrypt what `seal` made; raises `cryptography.exceptions.InvalidTag` for another context."""
    blob = bytes(sealed)
    key_id = int.from_bytes(blob[:_KEY_ID_BYTES], "big")
    nonce, body = blob[_KEY_ID_BYTES:][:_NONCE_BYTES], blob[_KEY_ID_BYTES + _NONCE_BYTES :]
    return _cipher(key_id).decrypt(nonce, body, context.encode()).decode()


def lookup_hash(value: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of `value`; `purpose` keeps equal texts in two columns apart."""
    key = bytes.fromhex(settings.SEAL_INDEX_KEY)
    return hmac.digest(key, f"{purpose}:{value}".encode(), hashlib.sha256)


def _cipher(key_id: int) -> AESGCM:
    return AESGCM(bytes.fromhex(settings.SEAL_KEYS[key_id]))
