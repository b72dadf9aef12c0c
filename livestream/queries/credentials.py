"""Leaves to send and to watch, found by their secret."""

import hashlib

from livestream.models import StreamCredential


def hash_of_secret(secret: str) -> str:
    """Return what is kept of a secret. It is 32 random bytes: nothing slower is needed to keep it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def credential_with(secret: str, *, purpose: str) -> StreamCredential | None:
    """Return the credential with that secret and purpose, in force or not; one query."""
    if not secret:
        return None
    found = StreamCredential.objects.filter(hash=hash_of_secret(secret), purpose=purpose)
    return found.select_related("session").first()
