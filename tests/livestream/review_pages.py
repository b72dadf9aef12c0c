"""What tests of reviews send, and where to."""

import uuid

from django.urls import reverse


def address(name, target):
    """Return the address of a page about a rehearsal or a remark."""
    return reverse(f"livestream:{name}", args=[target.uid])


def sent(minutes=0, seconds=20, text="说慢一点", **fields):
    """Return the fields of a remark at a moment of the recording."""
    return {
        "client_token": str(uuid.uuid4()),
        "minutes": minutes,
        "seconds": seconds,
        "text": text,
        "line_key": "voice",
    } | fields
