"""A villager rehearses on her phone: through a cut, a reload and a broken network nothing is lost.

CUT_SECONDS=60 in the environment leaves her without a network for a minute.
"""

import io
import os
import re
import uuid
from contextlib import suppress
from pathlib import Path

import av
import psutil
import pytest
from playwright.sync_api import Page, expect

from livestream import raw
from livestream.blueprints import BLUEPRINTS
from livestream.models import LiveSession, MediaChunk, RoomMark
from livestream.services import decide_rehearsal_consent, start_rehearsal, start_run
from tests import chromium
from tests.chromium import PHONE
from tests.factories.courses import make_county, make_person, make_user, make_village

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CUT_SECONDS = int(os.environ.get("CUT_SECONDS", "3"))
NOTHING_KEPT = (
    "async () => (await indexedDB.databases()).every((each) => !each.name.startsWith('cunbo-room-'))"
)
LEFT_TO_SEND = """async () => {
    const { Store } = await import("/static/livestream/js/room/store.js");
    const room = JSON.parse(document.getElementById("room-data").textContent);
    const store = await Store.open(room.store);
    const { chunks } = await store.unsent(room.session);
    store.base.close();
    return chunks;
}"""


@pytest.fixture
def host(live_site):
    make_county()
    user = make_user()
    make_person(user=user, village=make_village())
    return user


@pytest.fixture
def session(host):
    """A rehearsal whose host has agreed to be recorded."""
    run = start_run(person=host.person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4())
    decide_rehearsal_consent(
        person=host.person, item="record_rehearsal", agrees=True, by=host, language="zh-hans"
    )
    return start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4(), user=host)


def seconds_on_stage(page: Page) -> int:
    minutes, seconds = page.locator("[data-time]").inner_text().split(":")
    return 60 * int(minutes) + int(seconds)


def record_until(page: Page, second: int) -> None:
    page.wait_for_function(
        """(second) => {
            const [minutes, seconds] = document.querySelector("[data-time]").textContent.split(":");
            return 60 * minutes + Number(seconds) >= second;
        }""",
        arg=second,
        timeout=60_000 + 1_000 * CUT_SECONDS,
    )


def go_on_stage(page: Page) -> None:
    page.locator("[data-open-camera]").click()
    expect(page.locator("[data-check=camera]")).to_have_attribute("data-grade", "ok")
    page.locator("[data-begin]").click()
    expect(page.locator("[data-stage]")).to_be_visible()


def test_rehearsal_with_a_cut_and_a_reload_arrives_whole(
    page, host, sign_in, assert_accessible, celery_worker_process
):
    sign_in(page.context, host)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave all the same?"
    page.goto("/rehearse/runs/")
    page.locator("button[value=loop]").click()
    page.locator(".segment__steps a").first.click()
    page.locator("[name=script]").fill("这颗核桃,我当场砸给您听。")
    page.locator("main form button").first.click()
    page.get_by_role("button", name="排练").click()
    assert_accessible(page)
    page.get_by_role("button", name="同意").first.click()
    page.wait_for_url("**/rehearse/room/**")
    assert_accessible(page)

    go_on_stage(page)
    expect(page.locator("[data-prompter-text]")).to_have_text("这颗核桃,我当场砸给您听。")
    record_until(page, 3)
    page.context.set_offline(True)
    record_until(page, 3 + CUT_SECONDS)
    expect(page.locator("[data-status]")).to_contain_text("没有网络")
    page.locator("[data-audience] button").first.click()
    page.context.set_offline(False)
    page.locator("[data-next-segment]").click()
    record_until(page, 5 + CUT_SECONDS)
    assert_accessible(page)
    page.reload()
    expect(page.locator("[data-prepare]")).to_be_visible()

    go_on_stage(page)
    before = seconds_on_stage(page)
    assert before >= 3 + CUT_SECONDS  # the clock goes on where it was
    record_until(page, before + 3)
    on_stage = seconds_on_stage(page)
    page.locator("[data-pause]").click()
    page.locator("[data-end]").click()
    page.locator("[data-end-now]").click()
    expect(page.locator("[data-sending-done]")).to_be_visible(timeout=60_000)

    page.wait_for_function(NOTHING_KEPT)
    session = LiveSession.objects.get()
    parts = list(session.parts.order_by("number"))
    assert len(parts) == 2
    assert [part.chunks.count() for part in parts] == [part.chunk_count for part in parts]
    assert sum(seconds_received(session, part.number) for part in parts) >= on_stage - 2
    marks = RoomMark.objects.filter(session=session)
    assert marks.filter(kind="segment").count() == 2
    assert marks.filter(kind="answered").count() == 1
    page.locator("[data-sending-done] a").click()
    for _ in range(60):
        session.refresh_from_db()
        if session.state in {"published", "failed"}:
            break
        page.wait_for_timeout(500)
    assert session.state == "published"
    page.reload()
    page.get_by_role("link", name="看录像").click()
    page.wait_for_url("**/rehearse/results/**")


def test_second_window_does_not_record_twice(page, host, session, sign_in):
    sign_in(page.context, host)
    page.goto(f"/rehearse/room/{session.uid}/")
    page.locator("[data-open-camera]").wait_for()

    other = page.context.new_page()
    other.goto(f"/rehearse/room/{session.uid}/")

    expect(other.locator("[data-other-window]")).to_be_visible()
    expect(other.locator("[data-open-camera]")).to_be_hidden()


def test_browser_without_a_recorder_shows_the_way_out_and_sends_a_file(
    new_context, host, session, sign_in, tmp_path
):
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * 10_000)
    context = new_context()
    context.add_init_script("delete window.MediaRecorder")
    sign_in(context, host)
    page = context.new_page()
    page.goto(f"/rehearse/room/{session.uid}/")
    expect(page.locator("[data-no-camera]")).to_be_visible()
    refused = []

    def flaky(route):
        refused.append(route.request.url)
        route.abort("connectionreset") if len(refused) == 2 else route.continue_()

    page.route(re.compile("/chunks/"), flaky)
    page.locator("[data-file-form] input[type=file]").set_input_files(film)
    page.locator("[data-file-form] button").click()
    page.wait_for_url("**/rehearse/")

    session.refresh_from_db()
    part = session.parts.get()
    assert (part.number, part.chunk_count, part.chunks.count()) == (0, 3, 3)
    assert sum(chunk.bytes for chunk in MediaChunk.objects.all()) == film.stat().st_size
    assert session.is_over


def test_file_arrives_without_script(new_context, host, session, sign_in, tmp_path, assert_accessible):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    context = new_context(java_script_enabled=False)
    sign_in(context, host)
    page = context.new_page()
    page.goto(f"/rehearse/room/{session.uid}/")
    assert_accessible(page)

    page.locator("input[type=file]").set_input_files(film)
    page.locator("[data-file-form] button").click()

    page.wait_for_url("**/rehearse/")
    session.refresh_from_db()
    assert session.is_over


def test_closed_rehearsal_offers_the_rest_as_a_file(page, host, session, sign_in):
    sign_in(page.context, host)
    page.goto(f"/rehearse/room/{session.uid}/")
    page.route(re.compile("/chunks/"), lambda route: route.fulfill(status=410, body="{}"))
    go_on_stage(page)

    expect(page.locator("[data-status]")).to_have_attribute("data-grade", "error")
    page.locator("[data-pause]").click()
    page.locator("[data-end]").click()
    page.locator("[data-end-now]").click()

    expect(page.locator("[data-rescue]")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-rescue-files] a").first.click()
    assert download.value.path().read_bytes()[:4] == b"\x1a\x45\xdf\xa3"
    page.locator("[data-throw-away]").click()
    page.wait_for_load_state()
    expect(page.locator("[data-rescue]")).to_be_hidden()
    page.wait_for_function(NOTHING_KEPT)


def test_killed_browser_sends_afterwards_what_it_had_kept(
    browser, host, session, sign_in, live_site, tmp_path
):
    """The phone kills the app while nothing could be sent: all but the last moment is there."""
    profile = tmp_path / "profile"

    def open_room():
        context = browser.browser_type.launch_persistent_context(
            profile, viewport=PHONE, locale="zh-CN", base_url=live_site.url, **chromium.HOW
        )
        sign_in(context, host)
        context.pages[0].goto(f"/rehearse/room/{session.uid}/")
        return context, context.pages[0]

    _context, page = open_room()
    page.route(re.compile("/chunks/"), lambda route: route.abort("connectionfailed"))
    go_on_stage(page)
    record_until(page, 6)
    on_stage = seconds_on_stage(page)
    kill_browser_of(profile)
    assert not MediaChunk.objects.exists()

    context, page = open_room()
    wait_until_sent(page)

    assert seconds_received(session, part=0) >= on_stage - 2
    go_on_stage(page)
    assert seconds_on_stage(page) >= on_stage - 2  # the clock goes on where it was
    context.close()


def wait_until_sent(page: Page) -> None:
    for _ in range(300):
        if page.evaluate(LEFT_TO_SEND) == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("main").inner_text())


def kill_browser_of(profile: Path) -> None:
    """End the processes of the browser with this profile, as a phone without memory does."""
    ours = [each for each in psutil.process_iter(["cmdline"]) if is_browser_of(each, profile)]
    for process in ours:
        process.kill()
    psutil.wait_procs(ours, timeout=10)


def is_browser_of(process: psutil.Process, profile: Path) -> bool:
    return any(str(profile) in argument for argument in process.info["cmdline"] or [])


def seconds_received(session: LiveSession, part: int) -> float:
    """Return until where the pieces of a part, put together, can be played."""
    chunks = MediaChunk.objects.filter(part__session=session, part__number=part).order_by("seq")
    paths = [raw.chunk_path(session.uid, part, chunk.seq) for chunk in chunks]
    whole = b"".join(path.read_bytes() for path in paths)
    last = 0.0
    # The last picture was being written when the browser died.
    with av.open(io.BytesIO(whole)) as container, suppress(av.error.InvalidDataError):
        for frame in container.decode(video=0):
            last = frame.time
    return last
