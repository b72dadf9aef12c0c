import io
import subprocess

import pytest
from PIL import Image

from courses import uploads
from courses.errors import FileTooLarge, UnreadableFile
from courses.uploads import check_file, thumbnail
from tests.factories.courses import photo


def with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    return exif


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "v.mp4"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=64x48:r=5", str(path)],
        check=True,
    )
    return path.read_bytes()


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_check_file_keeps_every_photo_as_jpeg(format_):
    checked = check_file(photo(format=format_, name="a.exe"))

    assert (checked.kind, checked.suffix, len(checked.sha256)) == ("photo", ".jpg", 64)
    assert Image.open(checked.content).format == "JPEG"


def test_check_file_reads_heic():
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "HEIF")

    assert check_file(content).kind == "photo"


def test_check_file_strips_place_and_device_and_turns_the_photo_upright():
    checked = check_file(photo(exif=with_place(), size=(64, 48)))

    kept = Image.open(checked.content)
    assert not dict(kept.getexif())
    assert kept.size == (48, 64)


def test_check_file_shrinks_a_huge_photo():
    assert max(Image.open(check_file(photo(size=(5000, 100))).content).size) == 2560


def test_check_file_puts_a_transparent_picture_on_white():
    content = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(content, "PNG")

    assert Image.open(check_file(content).content).getpixel((4, 4)) == (255, 255, 255)


def test_check_file_is_the_same_for_the_same_bytes():
    assert check_file(photo()).sha256 == check_file(photo(name="b.png")).sha256


def test_check_file_keeps_a_video(video):
    checked = check_file(io.BytesIO(video))

    assert (checked.kind, checked.suffix, checked.size) == ("video", ".mp4", len(video))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a nonsense",
        b"<html><script>alert(1)</script>",
        b"\xff\xd8\xff\xe0 not really",
        b"\x00\x00\x00\x18ftypmp42 broken",
        b"\x1a\x45\xdf\xa3 broken",
        b"%PDF-1.7",
    ],
)
def test_check_file_judges_by_content(content):
    with pytest.raises(UnreadableFile):
        check_file(io.BytesIO(content))


def test_check_file_of_a_cut_off_photo():
    whole = photo(size=(600, 400), colour="blue").read()

    with pytest.raises(UnreadableFile):
        check_file(io.BytesIO(whole[: len(whole) // 2]))


def test_check_file_too_large(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PHOTO_BYTES", 100)

    with pytest.raises(FileTooLarge):
        check_file(photo())


def test_check_file_with_too_many_pixels(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 1000)

    with pytest.raises(FileTooLarge):
        check_file(photo())


def test_thumbnail_is_small():
    small = thumbnail(check_file(photo(size=(900, 600))).content, 300)

    assert Image.open(io.BytesIO(small)).size == (300, 200)
