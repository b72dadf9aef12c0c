"""A coach marks a recorded rehearsal, one remark by voice; its host watches each remark and goes again."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from livestream import raw
from livestream.demo.story import SAID, SEGMENTS, voices
from livestream.models import LiveSession, Rendition, Review, TimelineComment
from livestream.queries import run_sheet
from livestream.services import rename_run, save_segment
from livestream.services.analysis import analyse_recording, request_analysis
from tests.factories import courses as make
from tests.factories.reviews import ask, make_coach, make_rehearsal, mark_segments
from tests.journeys.steps import follow
from tests.journeys.words import chinese
from tests.livestream import made_media

pytestmark = pytest.mark.browser

FIRST, SECOND = "开口先打招呼。", "售后没有说，买的人最怕这个。"
CHOSEN = {"product": 3, "loop": 2, "interaction": 2, "voice": 1, "compliance": 4, "technique": 3}  # 62.5


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """The demo's first attempt before a drawn wall, as a finished recording is."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    wall = "testsrc2=s=240x426:r=8:d=38"
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    return made_media.make(
        path, "-i", str(voices()[0].path), "-f", "lavfi", "-i", wall, *video, "-movflags", "+faststart"
    )


@pytest.fixture
def host(county):
    """A trainee with a login."""
    user = make.make_user("学员甲")
    make.make_person(user=user, village=make.make_village())
    return user


@pytest.fixture
def session(host, film) -> LiveSession:
    """Her first rehearsal, recorded, measured, and a review asked for."""
    session = _rehearse(host, film)
    ask(session)
    return session


@pytest.fixture
def coach_page(new_context, sign_in) -> Iterator[Page]:
    """A coach's phone whose microphone Chromium invents."""
    page = new_context(permissions=["microphone"]).new_page()
    sign_in(page.context, make_coach())
    return page


def _rehearse(host, film, run=None) -> LiveSession:
    begun = None
    if run is not None:
        begun = run.sessions.latest("attempt").ended_at + timedelta(days=1)
    session = make_rehearsal(host.person, run, parts=((0, 38),), **({"begun": begun} if begun else {}))
    if run is None:
        _write(session.run)
    mark_segments(session, voices()[0].starts)
    target = raw.session_folder(session.uid) / "vod/1/film.mp4"
    target.parent.mkdir(parents=True)
    shutil.copy(film, target)
    Rendition.objects.create(
        session=session,
        kind=Rendition.Kind.FILE,
        path="vod/1/film.mp4",
        bytes=film.stat().st_size,
        seconds=38,
    )
    analyse_recording(analysis=request_analysis(session=session))
    return session


def _write(run) -> None:
    version = run.versions.get()
    type(version).objects.filter(pk=version.pk).update(used_at=None)
    rename_run(run=run, title="核桃一分钟")
    for line, (kind, seconds, cue), said in zip(run_sheet(run).lines, SEGMENTS, SAID[0], strict=True):
        script = said.replace("…", "")
        values = {"kind": kind, "planned_seconds": seconds, "script": script, "cue": cue, "product": None}
        save_segment(run=run, key=line.segment.key, values=values)


def test_coach_marks_and_the_host_watches_each_remark_and_goes_again(
    page, coach_page, sign_in, host, session, film, assert_accessible
):
    sign_in(page.context, host)

    _take(coach_page, assert_accessible)
    _remark(coach_page, 0, 2, FIRST)
    _remark(coach_page, 0, 30, SECOND)
    _say(coach_page, 0, 12)
    _give(coach_page, assert_accessible)

    kept = list(TimelineComment.objects.order_by("wall_time"))
    assert [bool(each.voice) for each in kept] == [False, True, False]
    assert Review.objects.get().mark == 62.5

    _watch_each(page, session, assert_accessible)

    second = _rehearse(host, film, session.run)
    page.goto(f"/rehearse/results/{second.uid}/")
    follow(page.get_by_role("link", name=chinese("See it beside my last attempt")))
    expect(page.get_by_text(SECOND)).to_be_visible()
    row = page.locator(".pair-row", has_text=SECOND)
    row.get_by_role("link", name="0:28").last.click()
    expect(page.locator("#now video")).to_have_js_property("paused", False)
    assert_accessible(page)


def _take(page: Page, assert_accessible) -> None:
    page.goto("/rehearse/reviews/")
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Review this one")))
    assert_accessible(page)


def _remark(page: Page, minutes: int, seconds: int, text: str) -> None:
    form = page.locator("[data-remark-form]")
    form.locator("#id_minutes").fill(str(minutes))
    form.locator("#id_seconds").fill(str(seconds))
    form.locator("#id_text").fill(text)
    follow(form.get_by_role("button", name=chinese("Keep the remark")))
    expect(page.locator(".remark__text", has_text=text)).to_be_visible()


def _say(page: Page, minutes: int, seconds: int) -> None:
    """Stop the player there by the keyboard's way, record some seconds and keep them."""
    page.locator("video").evaluate(f"video => {{ video.currentTime = {60 * minutes + seconds}; }}")
    page.keyboard.press("r")
    form = page.locator("[data-remark-form]")
    expect(form.locator("#id_seconds")).to_have_value(str(seconds))
    button = form.locator("[data-voice-button]")
    button.click()
    expect(form.locator("[data-voice-clock]")).to_have_text("1 s")
    button.click()
    expect(form.locator("[data-voice-preview]")).to_be_visible()
    follow(form.get_by_role("button", name=chinese("Keep the remark")))
    expect(page.locator(".remark audio")).to_have_count(1)


def _give(page: Page, assert_accessible) -> None:
    for key, level in CHOSEN.items():
        page.locator(f'[name="level-{key}"][value="{level}"]').check()
    expect(page.locator("[data-marking-total]")).to_have_text("62.5")
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Give the review")))
    expect(page.get_by_text(chinese("Given. The trainee can see it now."))).to_be_visible()


def _watch_each(page: Page, session: LiveSession, assert_accessible) -> None:
    page.goto(f"/rehearse/results/{session.uid}/")
    assert_accessible(page)
    video = page.locator("#player video")
    for at in (2, 12, 30):
        page.locator(f'.remark__play:has-text("0:{at:02d}")').click()
        expect(video).to_have_js_property("paused", False)
        played = video.evaluate("video => video.currentTime")
        assert at - 2.5 <= played <= at + 3
        remark = page.locator(".remark", has=page.locator(f'.remark__play:has-text("0:{at:02d}")'))
        follow(remark.get_by_role("button", name=chinese("I have settled this")))
    expect(page.get_by_text(chinese("all settled"))).to_be_visible()
    assert TimelineComment.objects.filter(session=session, resolved_at__isnull=True).count() == 0
