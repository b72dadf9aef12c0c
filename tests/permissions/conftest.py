"""One world for all tests of this folder, taken back at its end."""

import pytest
from django.db import transaction

from livestream.engines.janus_api import JanusApi
from tests.permissions.world import World


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """Everything of `World`, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def janus_with_a_sender(world, monkeypatch) -> None:
    """A Janus that answers at once, and to which the world's session comes in: no server runs here."""
    sender = {"session_id": 1, "handle_id": 1}
    sender["plugin_specific"] = {"type": "publisher", "room": world.session.uid.hex}
    answers = {"handles": [sender], "attach": (2, 2), "destroy": True, "negotiate": {"jsep": {"sdp": "v=0"}}}
    for name, answer in answers.items():
        monkeypatch.setattr(JanusApi, name, lambda _api, *_args, _answer=answer, **_body: _answer)


@pytest.fixture(autouse=True)
def no_search_for_redirects(settings) -> None:
    """Nothing is redirected here, and asking for it at every refusal is a fifth of the matrix."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "redirects" not in each]
