"""The keys that sign badges: numbered files in SIGNING_DIR, the highest number signs, all are published.

A further number is a rotation: badges signed before keep verifying as long as their key's file stays. A key
that leaked is taken away with its file, and its badges stop verifying.
"""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

RSA_BITS = 3072
_FILE_NAME = re.compile(r"badge-(ed25519|rsa)-(\d{1,4})\.pem")

Key = TypeVar("Key", Ed25519PrivateKey, RSAPrivateKey)


@dataclass(frozen=True)
class NumberedKey(Generic[Key]):
    """A private key and the number its file has."""

    number: int
    key: Key


@dataclass(frozen=True)
class BadgeKeys:
    """Every key at hand, in the order of their numbers: the last of each kind signs."""

    ed25519: tuple[NumberedKey[Ed25519PrivateKey], ...]
    rsa: tuple[NumberedKey[RSAPrivateKey], ...]

    @property
    def are_complete(self) -> bool:
        """Whether there is one of each kind to sign with."""
        return bool(self.ed25519 and self.rsa)


def badge_keys(folder: Path) -> BadgeKeys:
    """Return the keys in `folder`, read again only when its files changed."""
    files = sorted(path for path in folder.glob("badge-*.pem") if _FILE_NAME.fullmatch(path.name))
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files))


def make_badge_keys(folder: Path, *, rotate: bool = False, bits: int = RSA_BITS) -> list[str]:
    """Make the first key of each kind, or with `rotate` the next; return the names of the new files.

    Without `rotate` a kind that has a key is left alone, so that running it again changes nothing.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = badge_keys(folder)
    made = []
    for kind, there in (("ed25519", keys.ed25519), ("rsa", keys.rsa)):
        if there and not rotate:
            continue
        name = f"badge-{kind}-{there[-1].number + 1 if there else 1}.pem"
        key = Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, bits)
        if _write_new(folder / name, private_pem(key)):
            made.append(name)
    return made


def private_pem(key: Ed25519PrivateKey | RSAPrivateKey) -> bytes:
    """Return the key as unencrypted PKCS#8: the folder is readable by the workers alone."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: Ed25519PrivateKey | RSAPrivateKey) -> bytes:
    """Return the public half."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, int], ...]) -> BadgeKeys:
    ed25519: list[NumberedKey[Ed25519PrivateKey]] = []
    rsa: list[NumberedKey[RSAPrivateKey]] = []
    for path, _changed in files:
        number = int(_FILE_NAME.fullmatch(path.name)[2])  # type: ignore[index]
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            ed25519.append(NumberedKey(number, key))
        elif isinstance(key, RSAPrivateKey):
            rsa.append(NumberedKey(number, key))
    return BadgeKeys(
        tuple(sorted(ed25519, key=lambda each: each.number)), tuple(sorted(rsa, key=lambda each: each.number))
    )


def _write_new(path: Path, content: bytes) -> bool:
    """Write a file that only we may read; False when another process made it first."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return True
