"""The real event server under uvicorn: a whole county in one class."""

import asyncio
import urllib.error
import urllib.request
import uuid

import pytest

from livestream.events.publishing import newest_event, publish
from livestream.events.tickets import ticket_for
from tests.listeners import listen

pytestmark = pytest.mark.servers
BROWSERS, MESSAGES = 500, 15


def test_five_hundred_browsers_hear_every_message_in_order(event_server):
    room = str(uuid.uuid4())
    publish(room=room, kind="message", n=-1, sent=0)
    after = newest_event(room)
    paths = [
        f"/events/?ticket={ticket_for(room=room, viewer=f'p{number}')}&after={after}"
        for number in range(BROWSERS)
    ]

    def send(number, moment):
        publish(room=room, kind="message", n=number, sent=moment)

    heard = asyncio.run(listen(event_server.url, paths, send, messages=MESSAGES, pause=0.2))

    assert {tuple(each.numbers) for each in heard} == {tuple(range(MESSAGES))}


def test_server_lets_nobody_in_without_a_ticket(event_server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{event_server.url}/events/?ticket=forged", timeout=5)
    refused.value.close()

    assert refused.value.code == 403
