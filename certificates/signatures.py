"""The check text in a certificate's QR code: it opens the check page without typing a name.

A keyed hash over number and version under a key of its own (`CERTIFICATE_CHECK_KEY`) that is never
changed: a printed code works for as long as the paper does. 60 bits and the limit of attempts make
guessing hopeless. It proves that we printed the code, not that the paper in hand is unaltered: the
page shows every printed field to compare.
"""

import base64
import hashlib
import hmac

from django.conf import settings

LENGTH = 12


def check_text(number: str, version: int) -> str:
    """Return the 12 letters and digits (base 32) that belong to one version of a certificate."""
    key = bytes.fromhex(settings.CERTIFICATE_CHECK_KEY)
    digest = hmac.digest(key, f"{number}/{version}".encode(), hashlib.sha256)
    return base64.b32encode(digest).decode()[:LENGTH]


def is_check_text(text: str, number: str, version: int) -> bool:
    """Tell in constant time whether `text` is the check text of that version."""
    return hmac.compare_digest(text.upper().encode(), check_text(number, version).encode())
