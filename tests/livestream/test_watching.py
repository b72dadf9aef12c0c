from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from livestream import raw
from livestream.models import LiveSession, RecordingBuild, Rendition
from livestream.signing import Leave, check_media_token, media_base, media_token
from tests.factories import courses as make
from tests.factories.livestream import MORNING, make_class_session, make_session
from tests.forging import with_other_character


@pytest.fixture
def session(host, private_files) -> LiveSession:
    """A rehearsal in her village with a recording of made-up bytes."""
    village = make.make_region("431125100200", "示例村", 5)
    session = make_session(host.person, "published", place=village)
    folder = raw.vod_folder(session.uid, 1)
    (folder / "240p").mkdir(parents=True)
    (folder / "240p" / "index.m3u8").write_text("#EXTM3U\n")
    (folder / "240p.mp4").write_bytes(b"0123456789")
    (folder / "waveform.json").write_text('{"per_second":10,"peaks":[0,50,100]}')
    (raw.session_folder(session.uid) / "0").mkdir()
    (raw.session_folder(session.uid) / "0" / "0").write_bytes(b"raw")
    RecordingBuild.objects.create(
        session=session, state="ready", folder="vod/1", asked_at=MORNING, built_at=MORNING, seconds=60
    )
    for kind, path in (
        ("240p", "vod/1/240p/index.m3u8"),
        ("mp4", "vod/1/240p.mp4"),
        ("waveform", "vod/1/waveform.json"),
    ):
        Rendition.objects.create(session=session, kind=kind, path=path, bytes=2_400_000, seconds=60)
    return session


@pytest.fixture
def coach(db):
    return make.make_instructor()


def address(session, file: str = "vod/1/240p.mp4", now=None) -> str:
    return media_base(session.uid, now or timezone.now()) + file


def test_a_token_opens_its_session_until_it_expires(session):
    token = media_token(session.uid, MORNING, timedelta(minutes=10))

    assert check_media_token(token, session.uid, MORNING + timedelta(minutes=9)) is Leave.GIVEN
    assert check_media_token(token, session.uid, MORNING + timedelta(minutes=11)) is Leave.EXPIRED
    digest, expiry = token.split(".")
    for forged in (
        f"{digest}.{int(expiry) + 60}",
        f"{with_other_character(digest, 0)}.{expiry}",
        digest,
        f".{expiry}",
        "",
        "é.1",
    ):
        assert check_media_token(forged, session.uid, MORNING) is Leave.REFUSED
    other = make_class_session()
    assert check_media_token(token, other.uid, MORNING) is Leave.REFUSED


def test_a_token_is_what_nginx_works_out(settings, session):
    import base64
    import hashlib

    settings.MEDIA_LINK_KEY = "k"
    digest, expiry = media_token(session.uid, MORNING).split(".")

    by_nginx = base64.b64encode(hashlib.md5(f"{expiry} {session.uid} k".encode()).digest()).decode()
    assert digest == by_nginx.rstrip("=").replace("+", "-").replace("/", "_")


def test_without_a_key_nothing_opens(settings, session):
    settings.MEDIA_LINK_KEY = ""

    with pytest.raises(RuntimeError):
        media_token(session.uid, MORNING)


def test_media_comes_whole_and_in_ranges(client, session):
    whole = client.get(address(session))
    part = client.get(address(session), headers={"Range": "bytes=2-4"})

    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, b"0123456789")
    assert whole["Cache-Control"] == "private, max-age=3600"
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"234")


def test_an_address_that_expired_is_gone(client, session):
    answer = client.get(address(session, now=timezone.now() - timedelta(hours=1)))

    assert answer.status_code == 410


def test_a_forged_address_is_refused(client, session):
    token = media_token(session.uid, timezone.now())
    forged = reverse("livestream:media", args=[with_other_character(token, 0), session.uid, "vod/1/240p.mp4"])

    assert client.get(forged).status_code == 403


@pytest.mark.parametrize(
    "file",
    ["0/0", "vod/../0/0", "vod/./1/240p.mp4", "vod//240p.mp4", "vod/1/.x.mp4", "vod/1/none.mp4", "vod"],
)
def test_nothing_but_media_is_handed_out(client, session, file):
    assert client.get(media_base(session.uid, timezone.now()) + file).status_code == 404


@pytest.mark.parametrize("who", ["host", "coach"])
def test_the_host_and_her_coaches_watch(client, session, who, request):
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("livestream:recording", args=[session.uid])).content.decode()

    assert "2.4 MB" in page
    assert 'data-playlist="vod/1/240p/index.m3u8"' in page
    assert page.count("<rect x=") == 3


def test_nobody_else_watches(client, session, other_host, other_county):
    far = make.make_instructor("431129")
    for user in (other_host, far):
        client.force_login(user)
        for name in ("livestream:recording", "livestream:recording_link"):
            assert client.get(reverse(name, args=[session.uid])).status_code == 404


def test_a_fresh_address_is_for_who_may_watch(client, session, coach):
    client.force_login(coach)

    fresh = client.get(reverse("livestream:recording_link", args=[session.uid])).json()

    media = client.get(f"{fresh['base']}vod/1/240p.mp4")
    assert b"".join(media.streaming_content) == b"0123456789"
    assert (fresh["is_live"], fresh["state"], fresh["seconds"]) == (False, "published", 900)


@pytest.mark.parametrize("state", ["ready", "ended", "processing", "failed"])
def test_what_cannot_be_watched_says_why(client, host, state):
    session = make_session(host.person, state)
    client.force_login(host)

    page = client.get(reverse("livestream:recording", args=[session.uid])).content.decode()

    assert 'class="notice' in page
    assert "data-player" not in page


def test_host_whose_parts_are_missing_is_led_back_to_the_room(client, host):
    session = make_session(host.person, "ended")
    client.force_login(host)

    page = client.get(f"/rehearse/recordings/{session.uid}/").content.decode()

    assert f'href="/rehearse/room/{session.uid}/"' in page


def test_what_is_on_air_is_watched_live(client, host):
    session = make_session(host.person, "live")
    client.force_login(host)

    page = client.get(reverse("livestream:recording", args=[session.uid])).content.decode()

    assert 'data-playlist="hls/240p/live.m3u8"' in page
    assert 'data-live="true"' in page


def test_the_page_asks_few_queries(client, session, host, django_assert_max_num_queries):
    client.force_login(host)

    with django_assert_max_num_queries(14):
        client.get(reverse("livestream:recording", args=[session.uid]))
