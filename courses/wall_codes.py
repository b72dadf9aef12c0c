"""The code on the wall of a room: signed, of the moment, so that a picture sent home is worth nothing.

No database. A code is good for half a minute and a little longer, for the phone to open it.
"""

from uuid import UUID

from django.core import signing

SECONDS = 30
_GRACE = 15
_SIGNER = signing.TimestampSigner(salt="courses.wall_codes", sep=".")


def wall_code(site: UUID) -> str:
    """Return the code of a site at this moment."""
    return _SIGNER.sign(site.hex)


def site_of_code(code: str) -> UUID | None:
    """Return whose code it is; None when it is forged or over."""
    try:
        return UUID(_SIGNER.unsign(code, max_age=SECONDS + _GRACE))
    except (signing.BadSignature, ValueError):
        return None
