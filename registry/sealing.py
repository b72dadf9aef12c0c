"""Sealed values: AES-256-GCM with a key id and bound context, and a keyed hash to look them up by.

Keys live in settings (`SEAL_KEYS`, `SEAL_INDEX_KEY`), never in the database. An ID number has too few
possibilities for a plain hash, so the index is HMAC-SHA256 with its own key.

To change a key without closing the site:
1. make every process know the new one (an entry in `SEAL_KEYS` with `SEAL_KEY_ID` still the old id; for the
   index an entry in `SEAL_INDEX_KEYS_ALSO`),
2. make it the one in use (drop `SEAL_KEY_ID`; swap the two index keys),
3. run `manage.py rotate_keys` (`--index` for the index), again after the last process of step 1 has ended,
4. take the old key away when the report says that nothing is left under it.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
KEY_ID_BYTES = 2


def seal(value: str, *, context: str) -> bytes:
    """Encrypt `value`; it opens only with the same `context` (table, column and row in one string)."""
    key_id = sealing_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key_id).encrypt(nonce, value.encode(), context.encode())
    return key_id.to_bytes(KEY_ID_BYTES, "big") + nonce + sealed


def unseal(sealed: bytes | memoryview, *, context: str) -> str:
    """Decrypt what `seal` made; raises `cryptography.exceptions.InvalidTag` for another context."""
    blob = bytes(sealed)
    nonce, body = blob[KEY_ID_BYTES:][:_NONCE_BYTES], blob[KEY_ID_BYTES + _NONCE_BYTES :]
    return _cipher(key_id_of(blob)).decrypt(nonce, body, context.encode()).decode()


def sealing_key_id() -> int:
    """Return the id of the key that seals: `SEAL_KEY_ID`, or the newest one."""
    return settings.SEAL_KEY_ID or max(settings.SEAL_KEYS)


def key_id_of(sealed: bytes | memoryview) -> int:
    """Return the id of the key `sealed` was made with."""
    return int.from_bytes(bytes(sealed[:KEY_ID_BYTES]), "big")


def lookup_hash(value: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of `value`; `purpose` keeps equal texts in two columns apart."""
    return _keyed_hash(settings.SEAL_INDEX_KEY, value, purpose)


def lookup_hashes(value: str, *, purpose: str) -> list[bytes]:
    """Return the hashes `value` may be stored under, the one in use first.

    While the index key is being changed a row bears either hash. Look up in one statement, with
    `id_number_hash__in=lookup_hashes(...)`: two, one a key, miss a row that is rewritten between them.
    """
    keys = [settings.SEAL_INDEX_KEY, *settings.SEAL_INDEX_KEYS_ALSO]
    return [_keyed_hash(key, value, purpose) for key in keys]


def lookup_hashes_of_many(values: Iterable[str], *, purpose: str) -> Iterator[list[bytes]]:
    """Yield `lookup_hashes` of each value, none of an empty one; for many a good deal faster."""
    keys = [bytes.fromhex(key) for key in (settings.SEAL_INDEX_KEY, *settings.SEAL_INDEX_KEYS_ALSO)]
    prefix = f"{purpose}:".encode()
    for value in values:
        text = prefix + value.encode()
        yield [hmac.digest(key, text, "sha256") for key in keys] if value else []


def _keyed_hash(key: str, value: str, purpose: str) -> bytes:
    return hmac.digest(bytes.fromhex(key), f"{purpose}:{value}".encode(), hashlib.sha256)


def _cipher(key_id: int) -> AESGCM:
    return AESGCM(bytes.fromhex(settings.SEAL_KEYS[key_id]))
