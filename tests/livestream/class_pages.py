"""How tests of a live class's pages ask them. The people are fixtures of conftest.py."""

import uuid

from django.urls import reverse

from livestream.services.chat import say

JSON = {"HTTP_ACCEPT": "application/json"}


def address(name, live_class):
    return reverse(f"livestream:{name}", args=[live_class.uid])


def post(client, name, live_class, follow=False, **fields):
    return client.post(address(name, live_class), fields, follow=follow, **JSON)


def said(trainee, live_class, text="老师好"):
    return say(
        live_class=live_class,
        author=trainee.user,
        person=trainee,
        text=text,
        is_question=False,
        client_token=uuid.uuid4(),
    )
