"""Second factors given and taken away by others than their owner."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction

from registry.models import AuditAction, User
from registry.second_factor import DEMO_SECRET, has_second_factor
from registry.services.audit import record


@transaction.atomic
def set_demo_second_factor(*, user: User) -> None:
    """Give a demo account the app everybody knows; an account with a factor of its own keeps it.

    Raises ValueError outside the demo.
    """
    if not settings.DEMO:
        raise ValueError("The demo's secret is public: only for the demo.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not has_second_factor(user.pk):
        TOTP.activate(user, DEMO_SECRET)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, reason: str) -> None:
    """Take all factors of somebody who has lost them; her next sign-in leads to the set-up."""
    Authenticator.objects.filter(user=user).delete()
    record(actor=by, action=AuditAction.SECOND_FACTOR_RESET, detail={"user": str(user.uid), "reason": reason})
