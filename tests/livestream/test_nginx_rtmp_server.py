"""The real nginx-rtmp, and ffmpeg in OBS's place: let in, refused, killed, frozen, back again."""

import re
import signal
import uuid
from datetime import timedelta
from urllib.parse import urljoin

import psutil
import pytest
import requests
from django.utils import timezone

from livestream.agent.stream import StreamWorker
from livestream.engines.flv import flv_length
from livestream.models import LiveSession
from livestream.services.credentials import cut_off, issue_credential, revoke_credentials
from livestream.services.finalise import build_recording
from livestream.services.ingest import build_ended, reconcile_engine
from livestream.services.sessions import end_session
from tests.factories.livestream import make_session
from tests.livestream.engine_servers import freeze, wait_until

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.xdist_group("engines")]


@pytest.fixture
def session(transactional_db, host, agreed) -> LiveSession:
    return make_session(host.person, engine="nginx-rtmp", created_at=timezone.now())


def is_in(session: LiveSession, state: str) -> bool:
    return LiveSession.objects.filter(pk=session.pk, state=state).exists()


def recorded_seconds(rtmp, session: LiveSession) -> list[float]:
    return [flv_length(asset.files[0]).seconds for asset in rtmp.engine.raw_assets(session)]


def test_only_a_key_in_force_opens_the_door(rtmp, session, senders):
    _wrong, expired = issue_credential(session=session, life=timedelta(microseconds=1))
    _credential, revoked = issue_credential(session=session)
    revoke_credentials(session=session)

    refused = [senders.rtmp(session, secret) for secret in ("wrong", expired, revoked)]

    assert all(sender.wait(20) != 0 for sender in refused)
    assert is_in(session, "ready")
    assert rtmp.engine.list_active() == []
    assert rtmp.engine.raw_assets(session) == []


def test_a_killed_sender_comes_back_into_the_same_session(rtmp, session, senders):
    _credential, secret = issue_credential(session=session)
    first = senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: recorded_seconds(rtmp, session) > [1.0])

    first.kill()

    assert wait_until(lambda: is_in(session, "interrupted")) < 12
    away_since = timezone.now()
    wait_until(lambda: timezone.now() - away_since > timedelta(seconds=4))  # longer than a gap that is none
    senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: [seconds > 1 for seconds in recorded_seconds(rtmp, session)] == [True, True])
    assert [each.end_reason for each in session.ingest_attempts.order_by("pk")] == ["lost", ""]
    assert cut_off(session=session)
    wait_until(lambda: rtmp.engine.list_active() == [])
    end_session(session=session)
    assert build_ended() == 1
    assert build_recording(build=session.build)
    assert is_in(session, "published")
    assert [part.state for part in session.parts.order_by("number")] == ["complete", "complete"]
    assert [gap.cause for gap in session.gaps.all()] == ["between_parts"]
    assert not list(rtmp.engine.raw_folder().glob("*.flv"))


def test_viewers_see_a_stream_through_the_ladder(rtmp, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))
    worker = StreamWorker(session)

    worker.start()

    try:
        playlist = worker.folder / "240p" / "live.m3u8"
        wait_until(lambda: playlist.exists() and playlist.read_text().count("#EXTINF") >= 2)
        clock = worker.rungs["240p"].wall_end
        assert abs(timezone.now() - clock) < timedelta(seconds=5)
    finally:
        worker.stop()
        worker.join()
    assert session.transcode_runs.get().ended_at


def test_viewers_of_the_stream_as_it_comes_need_an_address_that_holds(rtmp, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.rtmp(session, secret)
    now = timezone.now()
    address = rtmp.engine.hls_address(session, now)
    wait_until(lambda: requests.get(address, timeout=5).status_code == 200)

    segment = re.search(r"^.*\.ts$", requests.get(address, timeout=5).text, re.MULTILINE)[0]

    assert requests.get(urljoin(address, segment), timeout=5).ok
    assert requests.get(address.replace(str(session.uid), str(uuid.uuid4())), timeout=5).status_code == 403
    assert (
        requests.get(rtmp.engine.hls_address(session, now - timedelta(hours=1)), timeout=5).status_code == 410
    )
    assert not requests.get(urljoin(address, "../../../nginx.conf"), timeout=5).ok


def test_a_second_sender_is_refused_and_the_same_one_takes_over(rtmp, session, senders):
    secrets = [issue_credential(session=session)[1] for _ in range(2)]
    first = senders.rtmp(session, secrets[0])
    wait_until(lambda: len(rtmp.engine.list_active()) == 1)

    assert senders.rtmp(session, secrets[1]).wait(20) != 0
    assert first.poll() is None
    (before,) = rtmp.engine.list_active()

    freeze(first)
    senders.rtmp(session, secrets[0])

    wait_until(lambda: session.ingest_attempts.filter(end_reason="replaced").exists())
    wait_until(
        lambda: [each.external_id for each in rtmp.engine.list_active()] not in ([], [before.external_id])
    )
    assert is_in(session, "live")


def test_a_frozen_sender_is_noticed(rtmp, session, senders):
    _credential, secret = issue_credential(session=session)
    sender = senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: recorded_seconds(rtmp, session) > [1.0])

    freeze(sender)

    assert wait_until(lambda: is_in(session, "interrupted"), seconds=25) <= 12
    assert recorded_seconds(rtmp, session)


def test_a_killed_engine_is_noticed_and_what_it_recorded_stays(rtmp, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: recorded_seconds(rtmp, session) > [1.0])

    rtmp.kill()

    assert is_in(session, "live"), "it could not say goodbye"
    with pytest.raises(requests.ConnectionError):
        reconcile_engine(engine=rtmp.engine)
    rtmp.start()
    assert reconcile_engine(engine=rtmp.engine)["gone"] == 1
    assert is_in(session, "interrupted")
    assert session.ingest_attempts.get().end_reason == "engine"
    assert recorded_seconds(rtmp, session) > [1.0]
    senders.rtmp(session, secret)
    wait_until(lambda: is_in(session, "live"))


def test_nobody_is_let_in_while_the_site_is_away(rtmp, session, senders, _web_server):
    _credential, secret = issue_credential(session=session)
    web = _web_server[1].process
    for process in web_processes(web):
        process.send_signal(signal.SIGSTOP)
    try:
        assert senders.rtmp(session, secret).wait(30) != 0
    finally:
        for process in web_processes(web):
            process.send_signal(signal.SIGCONT)

    assert is_in(session, "ready")
    assert rtmp.engine.raw_assets(session) == []


def web_processes(web) -> list[psutil.Process]:
    first = psutil.Process(web.pid)
    return [first, *first.children(recursive=True)]
