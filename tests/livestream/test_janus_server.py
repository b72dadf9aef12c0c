"""The real Janus, and aiortc in the browser's place: let in, refused, frozen, killed, back again."""

import asyncio
import urllib.error

import av
import pytest
import requests
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from livestream.agent.stream import StreamWorker
from livestream.engines.mjr import takes_in
from livestream.models import LiveSession
from livestream.services.credentials import issue_credential, revoke_credentials
from livestream.services.direct_viewers import cut_off_viewers
from livestream.services.ingest import reconcile_engine
from tests.factories.courses import make_instructor
from tests.factories.livestream import make_session
from tests.livestream.engine_servers import freeze, wait_until
from tests.livestream.whep_client import Viewer

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.xdist_group("engines")]


@pytest.fixture
def session(transactional_db, host, agreed) -> LiveSession:
    place = host.person.village.versions.get()
    return make_session(host.person, engine="janus", place=place, created_at=timezone.now())


def is_in(session: LiveSession, state: str) -> bool:
    return LiveSession.objects.filter(pk=session.pk, state=state).exists()


def recorded_bytes(janus, session: LiveSession) -> int:
    return sum(path.stat().st_size for asset in janus.engine.raw_assets(session) for path in asset.files)


def has_taken(janus, session: LiveSession, takes: int = 1) -> bool:
    """Tell whether so many connections are recorded, with picture and sound."""
    folder = janus.engine._raw_folder(session)
    return [len(take.tracks) for take in takes_in(folder.glob("*.mjr"))] == [2] * takes


def test_only_a_token_in_force_is_answered(janus, session, senders):
    _credential, secret = issue_credential(session=session)
    revoke_credentials(session=session)

    sender = senders.whip(session, secret)

    assert sender.wait(30) != 0
    assert "401" in sender.communicate()[0]
    assert is_in(session, "ready")
    assert janus.engine.list_active() == []


def test_a_frozen_sender_is_noticed_and_its_return_takes_over(janus, session, senders):
    _credential, secret = issue_credential(session=session)
    first = senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: has_taken(janus, session))
    wait_until(lambda: recorded_bytes(janus, session) > 10_000)

    freeze(first)

    assert wait_until(lambda: is_in(session, "interrupted"), seconds=25) <= 12
    (hanging,) = janus.engine.list_active()
    second = senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: has_taken(janus, session, takes=2))
    (active,) = janus.engine.list_active()
    assert active.external_id != hanging.external_id

    second.terminate()

    assert second.wait(20) == 0, second.communicate()[0]
    wait_until(lambda: is_in(session, "interrupted"))
    assert [each.end_reason for each in session.ingest_attempts.order_by("pk")] == ["lost", "finished"]
    assets = janus.engine.finalise(session)
    assert [_streams(asset.files[0]) for asset in assets] == [["h264", "opus"]] * 2
    assert janus.engine.finalise(session) == assets


def test_a_killed_engine_is_noticed_and_what_it_recorded_stays(janus, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: has_taken(janus, session) and recorded_bytes(janus, session) > 10_000)

    janus.kill()

    assert is_in(session, "live"), "it could not say goodbye"
    with pytest.raises(requests.ConnectionError):
        reconcile_engine(engine=janus.engine)
    janus.start()
    assert reconcile_engine(engine=janus.engine)["gone"] == 1
    assert session.ingest_attempts.get().end_reason == "engine"
    senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: has_taken(janus, session, takes=2))
    assert _streams(janus.engine.finalise(session)[0].files[0]) == ["h264", "opus"]


def test_viewers_see_a_stream_through_the_ladder(janus, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    worker = StreamWorker(session)

    worker.start()

    try:
        playlist = worker.folder / "240p" / "live.m3u8"
        wait_until(lambda: playlist.exists() and playlist.read_text().count("#EXTINF") >= 2, seconds=40)
    finally:
        worker.stop()
        worker.join()


@pytest.fixture
def viewer(session, live_site) -> Viewer:
    """A coach of the county at her browser."""
    client = Client()
    client.force_login(make_instructor(), backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    url = live_site.url + reverse("livestream:whep", args=[session.uid])
    return Viewer(url, f"{name}={client.cookies[name].value}")


def test_a_coach_sees_moving_pictures_and_one_who_is_gone_is_cut_off(janus, session, senders, viewer):
    with pytest.raises(urllib.error.HTTPError, match="409"):
        viewer.ask("POST", viewer.url, "")
    assert janus.engine.viewers() == []
    _credential, secret = issue_credential(session=session)
    senders.whip(session, secret)
    wait_until(lambda: is_in(session, "live"))
    wait_until(lambda: has_taken(janus, session))

    first, sizes = asyncio.run(viewer.watch(20))
    second, _sizes = asyncio.run(viewer.watch(1))

    assert sizes == [(160, 120)] * 20
    assert [each.stream for each in janus.engine.viewers()] == [session.uid.hex] * 2
    viewer.ask("DELETE", first)
    assert [each.external_id for each in janus.engine.viewers()] == [second.split("/")[-2]]
    viewer.ask("POST", second, "")
    assert cut_off_viewers(engine=janus.engine) == 0
    cache.delete(f"direct-viewer-{second.split('/')[-2]}")
    assert cut_off_viewers(engine=janus.engine) == 1
    assert janus.engine.viewers() == []
    streams = [each.stream for each in janus.engine.list_active()]
    assert streams.count(session.uid.hex) == 1, "the sender stays"


def test_who_sends_for_nobody_is_cut_off(janus, session, senders):
    _credential, secret = issue_credential(session=session)
    senders.whip(session, secret)
    wait_until(lambda: janus.engine.list_active())
    session.ingest_attempts.update(ended_at=timezone.now(), end_reason="kicked")

    assert reconcile_engine(engine=janus.engine)["strays"] == 1
    assert janus.engine.list_active() == []


def _streams(path) -> list[str]:
    with av.open(str(path)) as container:
        return sorted(stream.codec_context.name for stream in container.streams)
