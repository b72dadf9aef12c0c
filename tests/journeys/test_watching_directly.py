"""A coach watches a rehearsal by WebRTC in a real browser, and what she sees when that breaks off."""

import time
import uuid

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from livestream.blueprints import BLUEPRINTS
from livestream.models import LiveSession
from livestream.services import decide_rehearsal_consent, start_rehearsal, start_run
from livestream.services.credentials import issue_credential
from tests.factories.courses import make_county, make_instructor, make_person, make_user, make_village
from tests.journeys.conftest import PATIENCE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.xdist_group("engines"),
]
# In the host's room, where the camera may be opened: sends what it sees as other apps do.
SEND = """async ([url, secret]) => {
    const wanted = { video: { width: 320, height: 240 }, audio: true };
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    const connection = new RTCPeerConnection();
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    await connection.setLocalDescription();
    await new Promise((resolve) => {
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
    });
    const headers = { Authorization: `Bearer ${secret}`, "Content-Type": "application/sdp" };
    const answer = await fetch(url, { method: "POST", headers, body: connection.localDescription.sdp });
    await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    window.sender = connection;
    return answer.status;
}"""
SHOWN = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"


@pytest.fixture
def session(live_site) -> LiveSession:
    make_county()
    user = make_user()
    person = make_person(user=user, village=make_village())
    run = start_run(person=person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4())
    decide_rehearsal_consent(person=person, item="record_rehearsal", agrees=True, by=user, language="zh-hans")
    return start_rehearsal(person=person, run=run, client_token=uuid.uuid4(), user=user)


@pytest.fixture
def host(new_context, session, janus, sign_in) -> Page:
    """The host's browser, sending its test camera to Janus."""
    _credential, secret = issue_credential(session=session)
    context = new_context()
    sign_in(context, session.user)
    page = context.new_page()
    page.goto(f"/rehearse/room/{session.uid}/")
    assert page.evaluate(SEND, [f"/rehearse/whip/{session.uid}/", secret]) == 201
    return page


def until(page: Page, is_so) -> None:
    """Wait here: the page's policy forbids Playwright's own way of waiting for an expression."""
    deadline = time.monotonic() + 2 * PATIENCE / 1000
    while not is_so():
        assert time.monotonic() < deadline, page.locator("[data-player]").inner_text()
        page.wait_for_timeout(100)


def test_a_coach_sees_the_picture_move_and_falls_back_when_it_breaks(page, host, session, janus, sign_in):
    sign_in(page.context, make_instructor())
    page.goto(f"/rehearse/recordings/{session.uid}/")
    status = page.locator("[data-player-status]")

    page.locator("[data-player-start]").click()

    until(page, lambda: page.evaluate(SHOWN) > 10)
    expect(status).to_have_text("您看到的就是现在的画面。")
    assert page.evaluate("document.querySelector('video').videoWidth") == 320
    assert page.evaluate("document.querySelector('[data-player]').player.clock") is None
    assert page.locator("[data-player] input[value=direct]").is_checked()
    assert len(janus.engine.viewers()) == 1
    assert cache.get(f"live-watched-{session.pk}") is None, "nobody needs the delayed picture"

    page.route("**/link/", lambda route: route.abort(), times=1)
    host.evaluate("window.sender.close()")

    expect(status).to_contain_text("已切换到延迟播放", timeout=2 * PATIENCE)
    assert page.locator("[data-player] input[value='240p']").is_checked()
    until(page, lambda: janus.engine.viewers() == [])


def test_sound_only_is_not_overruled_and_a_choice_leads_back(page, host, session, janus, sign_in):
    sign_in(page.context, make_instructor())
    page.goto(f"/rehearse/recordings/{session.uid}/")
    page.locator("[data-player] input[value=audio]").check(force=True)
    page.reload()
    page.locator("[data-player-start]").click()
    assert janus.engine.viewers() == []

    page.locator("[data-player] input[value=direct]").check(force=True)

    until(page, lambda: page.evaluate(SHOWN) > 5)
    page.goto("/rehearse/reviews/")
    until(page, lambda: janus.engine.viewers() == [])


def test_where_nothing_comes_through_the_delayed_picture_takes_over(
    new_context, host, session, janus, sign_in
):
    """Where UDP is blocked, as in many an office, the connection never comes about."""
    context = new_context()
    context.add_init_script(
        "RTCPeerConnection.prototype.setRemoteDescription = () => Promise.reject(new Error('blocked'))"
    )
    sign_in(context, make_instructor())
    page = context.new_page()
    page.goto(f"/rehearse/reviews/{session.uid}/live/")

    page.locator("[data-player-start]").click()

    expect(page.locator("[data-player-status]")).to_contain_text("已切换到延迟播放")
    until(page, lambda: cache.get(f"live-watched-{session.pk}") == 1)
    until(page, lambda: janus.engine.viewers() == [])


def test_without_webrtc_there_is_no_such_choice(new_context, host, session, sign_in):
    context = new_context()
    context.add_init_script("delete window.RTCPeerConnection")
    sign_in(context, make_instructor())
    page = context.new_page()
    page.goto(f"/rehearse/recordings/{session.uid}/")

    assert page.locator("[data-player] input[value='240p']").is_checked()
    assert page.locator("[data-player] input[value=direct]").count() == 0
