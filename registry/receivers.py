"""Listens to what allauth announces."""

from typing import Any

from django.http import HttpRequest

from registry.models import AuditAction
from registry.queries.people import person_of
from registry.services import record


def log_wechat_link(sender: object, request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    """Log that a WeChat account opens a login from now on."""
    user = sociallogin.user
    record(actor=user, action=AuditAction.WECHAT_LINKED, person=person_of(user), request=request)
