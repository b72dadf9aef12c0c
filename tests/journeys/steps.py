"""What the visitors of several journeys do on the pages."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import ExifTags, Image
from playwright.sync_api import Locator, Page, TimeoutError

from courses.models import SubmissionFile
from tests.journeys.words import chinese

PATIENCE = 40  # seconds


def follow(locator: Locator) -> None:
    """Press a link or button and wait for the page it leads to, also where that has the same address."""
    with locator.page.expect_event("load"):
        locator.click()


def sign_in_by_code(page: Page, phone: str, assert_accessible: Callable[[Page], None]) -> None:
    """From the sign-in page on: give the number, read the code in the outbox, type it."""
    assert_accessible(page)
    page.get_by_label(chinese("Your mobile number")).fill(phone)
    follow(page.get_by_role("button", name=chinese("Send me the code")))
    assert_accessible(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=chinese("Read it here (opens a new window)")).click()
    outbox = opened.value
    outbox.wait_for_load_state()
    assert_accessible(outbox)
    code = outbox.locator(".outbox__code").first.text_content() or ""
    outbox.close()
    page.get_by_label(chinese("The 6 digits from the message")).fill(code.strip())
    follow(page.get_by_role("button", name=chinese("Sign in"), exact=True))


def answer_quiz(page: Page, answers: Mapping[str, Sequence[str]]) -> None:
    """Answer the quiz of `factories.courses.quiz_block` and send it."""
    choose_answers(page, answers)
    follow(page.get_by_role("button", name=chinese("Send my answers")))


def choose_answers(page: Page, answers: Mapping[str, Sequence[str]]) -> None:
    """Answer the quiz without sending it."""
    for question in ("q1", "q2", "q3"):
        for option in answers[question]:
            page.locator(f'[name="{question}"][value="{option}"]').check()
    for place, option in enumerate(answers["q4"], start=1):
        page.locator(f'[name="q4-{option}"]').select_option(str(place))


def take_photo(path: Path, *, size: tuple[int, int] = (2400, 1800)) -> Path:
    """Write a JPEG as a phone does: large, with the place in its EXIF."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Phone"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (25.0, 16.0, 24.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (111.0, 20.0, 33.0),
        }
    )
    Image.effect_noise(size, 60).convert("RGB").save(path, "JPEG", quality=80, exif=exif)
    with Image.open(path) as picture:
        assert picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    return path


def kept_photo(file: SubmissionFile) -> Image.Image:
    """Return a kept photo, which says nothing of place, time and phone."""
    with file.file.open("rb") as kept:
        content = kept.read()
        assert b"Exif" not in content
        kept.seek(0)
        with Image.open(kept) as picture:
            assert not picture.getexif()
            picture.load()
            return picture


def reload_until_visible(page: Page, locator: Locator) -> None:
    """Look again every second until what a worker makes has appeared."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return locator.wait_for(timeout=1000)
        except TimeoutError:
            page.reload()
    raise AssertionError(f"{locator} did not appear on {page.url}:\n{page.locator('main').inner_text()}")
