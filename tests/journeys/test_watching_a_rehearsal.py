"""Watching a rehearsal in a real browser: recorded, on air, and when the address runs out in the middle."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from livestream.agent.worker import SessionWorker
from livestream.models import RecordingBuild
from livestream.services import Declared, build_recording, finish
from livestream.services import finalise as finalising
from livestream.signing import media_token
from tests.factories.courses import make_instructor, make_person, make_user, make_village
from tests.factories.livestream import make_session
from tests.factories.media import pieces, recording, send
from tests.journeys.conftest import PATIENCE

pytestmark = pytest.mark.browser
POSITION = "document.querySelector('video').currentTime"


def play_until(page, seconds: float) -> None:
    """Wait until the player is that far; asked from here, as the policy forbids Playwright's own way."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(POSITION) > seconds:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("[data-player]").inner_text())


@pytest.fixture
def session(live_site):
    user = make_user()
    person = make_person("学员甲", user=user, village=make_village())
    place = person.village.versions.get()
    return make_session(person, user=user, place=place)


@pytest.fixture
def recorded(session, monkeypatch):
    """A recording of twelve seconds: three segments."""
    monkeypatch.setattr(finalising.build_recording_task, "delay", lambda pk: None)
    send(session, 0, pieces(recording(12, size="90x160")))
    finish(session=session, parts=[Declared(0, 4)])
    build_recording(build=RecordingBuild.objects.get())
    return session


def test_a_coach_watches_and_an_address_that_runs_out_is_renewed(page, recorded, sign_in):
    sign_in(page.context, make_instructor())
    asked, answers = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: answers.append(response.status))
    old = media_token(recorded.uid, timezone.now() - timedelta(hours=1))

    def expired(route):
        parts = route.request.url.split("/media/")
        rest = parts[1].split("/", 1)[1]
        route.continue_(url=f"{parts[0]}/media/{old}/{rest}")

    page.route("**/p0-00001.m4s", expired, times=1)
    page.goto(f"/rehearse/recordings/{recorded.uid}/")
    assert not [each for each in asked if "/media/" in each and not each.endswith(".jpg")]
    expect(page.get_by_text("MB").first).to_be_visible()

    page.locator("[data-player-start]").click()
    play_until(page, 5)

    assert answers.count(410) == 1
    assert any(each.endswith("/link/") for each in asked)
    clock = page.evaluate("document.querySelector('[data-player]').player.clock.getTime()")
    seconds = page.evaluate("document.querySelector('[data-player]').player.seconds")
    assert clock / 1000 - recorded.parts.get().wall_start.timestamp() == pytest.approx(seconds, abs=1)

    page.locator("[data-player] input[value=audio]").check(force=True)
    play_until(page, 5.5)
    assert any("/audio/" in each for each in asked)


def test_without_scripts_one_plain_file_plays(new_context, recorded, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context, make_instructor())
    page = context.new_page()
    page.goto(f"/rehearse/recordings/{recorded.uid}/")

    assert page.locator("video source").get_attribute("src").endswith("/240p.mp4")
    expect(page.get_by_role("link", name="只听声音")).to_be_visible()


def test_what_is_on_air_is_seen_live(page, session, sign_in):
    begins = timezone.now() + timedelta(minutes=5)  # of what is past a slow machine would leave out some
    send(session, 0, pieces(recording(12, size="90x160"), 24), wall_start=begins)
    sign_in(page.context, make_instructor())
    worker = SessionWorker(session)
    worker.start()
    try:
        page.goto(f"/rehearse/recordings/{session.uid}/")
        page.locator("[data-player-start]").click()
        play_until(page, 1)
        clock = page.evaluate("document.querySelector('[data-player]').player.clock.getTime()")
    finally:
        worker.stop()
        worker.join()

    assert begins.timestamp() <= clock / 1000 <= begins.timestamp() + 12
