"""How often one address may ask the check page, so that nobody can try names one after another."""

import hashlib

from django.core.cache import cache

MOST = 20
SECONDS = 600


def may_try(address: str) -> bool:
    """Count one attempt of `address` and tell whether it is within the limit of its ten minutes.

    The cache holds a hash, never the address.
    """
    key = f"certificate-checks:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) <= MOST
    except ValueError:  # it ran out between the two lines
        return True
