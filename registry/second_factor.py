"""The second factor of staff: whether a session has proven it, and how its secrets are kept.

The session remembers one of two words under `SESSION_KEY`: `PASSED`, or `OWED` for somebody with a role who
has not set one up yet. `registry.middleware` lets nobody near staff pages without the first.
"""

import base64
import hashlib
import secrets
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SESSION_KEY = "second_factor"
PASSED, OWED = "passed", "owed"
# Of the demo's staff; it stands in the README, so outside the demo it opens nothing.
DEMO_SECRET = "CUNBODEMOCUNBODEMOCUNBODEMOCUNBO"  # noqa: S105


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets encrypted, and the last factor of somebody who needs one."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last proof. Set up another one before you take it away."
        ),
        "incorrect_code": gettext_lazy("This code does not fit. Please look at the newest one."),
    }

    def encrypt(self, text: str) -> str:
        """Return `text` as the database keeps it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; the demo's opens nothing outside the demo."""
        text = _cipher().decrypt(encrypted_text.encode()).decode()
        return totp.generate_totp_secret() if text == DEMO_SECRET and not settings.DEMO else text

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether another app or key stays."""
        return _factors_of(authenticator.user_id).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: object, type: Authenticator.Type) -> str:
        """Return a name for a new key."""
        return _("Key %(number)s") % {"number": secrets.randbelow(900) + 100}


def has_second_factor(user_pk: int) -> bool:
    """Tell whether a user has set up an app or a key; recovery codes alone are none."""
    return _factors_of(user_pk).exists()


def demo_code(user_pk: int) -> str:
    """Return a code that opens a demo account now, or an empty text: outside the demo, for other accounts."""
    found = _factors_of(user_pk).filter(type=Authenticator.Type.TOTP).first() if settings.DEMO else None
    if found is None or SecondFactorAdapter().decrypt(found.data["secret"]) != DEMO_SECRET:
        return ""
    before, now, after = totp.yield_hotp_counters_from_time()
    wrapped = totp.TOTP(found)
    for counter in (now, after, before):
        code = totp.format_hotp_value(totp.hotp_value(DEMO_SECRET, counter))
        if cache.get(wrapped._get_used_cache_key(code)) is None:  # each is good once
            return code
    return ""


def _factors_of(user_pk: int) -> QuerySet[Authenticator]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=user_pk, type__in=kinds)


def _cipher() -> MultiFernet:
    """Keyed by SECRET_KEY, like everything that belongs to signing in; its fallbacks still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"registry.second_factor:{key}".encode()).digest())
