import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from livestream.models import LiveSession
from livestream.services import Declared, finish
from livestream.services import finalise as finalising
from tests.factories.livestream import MORNING, make_session
from tests.factories.media import pieces, recording, send

pytestmark = pytest.mark.slow


def test_a_recording_is_made_again_from_its_raw_parts(host, private_files, monkeypatch):
    monkeypatch.setattr(finalising.build_recording_task, "delay", lambda pk: None)
    session = make_session(host.person)
    send(session, 0, pieces(recording(2)))
    finish(session=session, parts=[Declared(0, 4)])
    out = StringIO()

    call_command("rebuild_recording", str(session.uid), stdout=out)
    call_command("rebuild_recording", str(session.uid), stdout=out)

    assert out.getvalue().splitlines() == ["published: 2.0 s", "published: 2.0 s"]
    assert LiveSession.objects.get().build.number == 2


@pytest.mark.parametrize("fields", [{"state": "live"}, {"state": "published", "raw_erased_at": MORNING}])
def test_what_cannot_be_made_again_is_refused(host, fields):
    session = make_session(host.person, **fields)

    with pytest.raises(CommandError):
        call_command("rebuild_recording", str(session.uid))


def test_a_session_that_is_not_there_is_refused(db):
    with pytest.raises(CommandError, match="no such session"):
        call_command("rebuild_recording", str(uuid.uuid4()))
