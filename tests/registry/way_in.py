"""What tests of signing in do on the pages."""

import re
from urllib.parse import quote

from django.test import Client

from registry.models import SentMessage

PHONE = "+8619900001234"
LOGIN, CODE = "/account/login/", "/account/login/code/confirm/"


def newest_code() -> str:
    return re.search(r"\d{6}", SentMessage.objects.first().text)[0]


def ask_code(client: Client, phone: str = "199 0000 1234", after: str = ""):
    return client.post(LOGIN + (f"?next={quote(after)}" if after else ""), {"phone": phone})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def enter(client: Client, phone: str = "19900001234", after: str = ""):
    """Walk the whole way in and return the last answer."""
    answer = ask_code(client, phone, after)
    return client.post(answer.url, {"action": "verify", "code": newest_code()})
