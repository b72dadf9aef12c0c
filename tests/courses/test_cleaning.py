"""A handed-in video loses place, device and time before anybody but its sender sees it."""

import io
import subprocess
import uuid
from datetime import timedelta

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from courses import transcoding
from courses.models import SubmissionFile
from courses.services import clean_handed_in_video, hand_in
from courses.services.cleaning import sweep_handed_in_videos
from tests.factories.courses import make_instructor, make_lesson, photo, task_block

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TELLTALES = [b"+25.27", b"TestPhone", b"2026-03-05", b"my kitchen"]


def film(path, *options: str) -> bytes:
    """A second of film as a phone would write it: with place, device and time."""
    tags = {
        "location": "+25.2700+111.3300+240.000/",
        "com.apple.quicktime.location.ISO6709": "+25.2700+111.3300+240.000/",
        "com.apple.quicktime.make": "TestPhone",
        "com.apple.quicktime.model": "TestPhone 9",
        "creation_time": "2026-03-05T09:00:00Z",
        "title": "my kitchen",
    }
    written = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
    subprocess.run(
        [
            *("ffmpeg", "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", "testsrc=d=1:s=64x48:r=5", "-f", "lavfi", "-i", "sine=d=1"),
            *(*options, *written, "-metadata:s:v", "handler_name=TestPhone camera"),
            *("-movflags", "use_metadata_tags", str(path)),
        ],
        check=True,
    )
    return path.read_bytes()


@pytest.fixture(scope="module")
def with_place(tmp_path_factory):
    content = film(tmp_path_factory.mktemp("film") / "v.mp4")
    assert b"+25.2700" in content
    assert b"TestPhone" in content
    return content


@pytest.fixture
def lesson(course_page):
    return make_lesson(course_page, task_block("film", accepts=("video", "photo")))


@pytest.fixture
def send(enrolment, lesson):
    def make(content: bytes) -> SubmissionFile:
        submission = hand_in(
            enrolment=enrolment,
            lesson=lesson,
            task_key="film",
            files=[SimpleUploadedFile("v.mp4", content)],
            client_token=uuid.uuid4(),
        )
        return submission.files.get()

    return make


def kept(file: SubmissionFile) -> bytes:
    file.refresh_from_db()
    with file.file.open("rb") as content:
        return content.read()


def test_clean_handed_in_video_takes_out_what_the_phone_wrote(
    send, with_place, django_capture_on_commit_callbacks
):
    file = send(with_place)
    sent_name, sent_hash = file.file.name, file.sha256
    assert file.state == "waiting"

    with django_capture_on_commit_callbacks(execute=True):
        clean_handed_in_video(file=file)

    content = kept(file)
    assert [tag for tag in TELLTALES if tag in content] == []
    with av.open(io.BytesIO(content)) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio"}
        assert not {"location", "creation_time", "title"} & container.metadata.keys()
        assert container.streams.video[0].width == 64
        assert len(list(container.decode(video=0))) == 5
    assert (file.state, file.bytes, file.sha256) == ("ready", len(content), sent_hash)
    assert not file.file.storage.exists(sent_name)


def test_clean_handed_in_video_encodes_sound_the_container_cannot_hold(send, tmp_path):
    file = send(film(tmp_path / "v.mov", "-c:a", "pcm_s16le"))

    clean_handed_in_video(file=file)

    with av.open(io.BytesIO(kept(file))) as container:
        assert container.streams.audio[0].codec_context.name == "aac"


def test_clean_handed_in_video_keeps_webm(send, tmp_path):
    file = send(film(tmp_path / "v.webm", "-c:v", "libvpx", "-c:a", "libopus"))

    clean_handed_in_video(file=file)

    content = kept(file)
    assert file.file.name.endswith(".webm")
    assert [tag for tag in TELLTALES if tag in content] == []


def test_clean_handed_in_video_twice_is_once(send, with_place):
    file = send(with_place)
    clean_handed_in_video(file=file)
    name = file.file.name

    clean_handed_in_video(file=file)

    file.refresh_from_db()
    assert (file.file.name, file.attempts) == (name, 1)


def test_video_that_cannot_be_written_anew_stays_with_its_sender(send, with_place, monkeypatch):
    file = send(with_place)
    monkeypatch.setattr(transcoding, "TIME_LIMIT", 0.001)

    clean_handed_in_video(file=file)

    file.refresh_from_db()
    assert (file.state, file.error) == ("failed", "took too long")


def test_marker_sees_the_video_only_once_it_is_clean(send, with_place, trainee):
    file = send(with_place)
    path = f"/learn/work/{file.submission.uid}/{file.pk}/"
    marker, sender = Client(), Client()
    marker.force_login(make_instructor())
    sender.force_login(trainee)

    assert marker.get(path).status_code == 404
    own = sender.get(path)
    assert (own.status_code, own.getvalue()) == (200, with_place)
    assert "no-store" in own["Cache-Control"]
    page = marker.get(f"/learn/marking/{file.submission.uid}/").content.decode()
    assert "<video" not in page

    clean_handed_in_video(file=file)

    assert b"TestPhone" not in marker.get(path).getvalue()
    assert "<video" in marker.get(f"/learn/marking/{file.submission.uid}/").content.decode()


def test_hand_in_queues_videos_and_not_photos(
    enrolment, lesson, with_place, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr("courses.services.practical.clean_handed_in_video_task.delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        hand_in(
            enrolment=enrolment,
            lesson=lesson,
            task_key="film",
            files=[SimpleUploadedFile("v.mp4", with_place), photo()],
            client_token=uuid.uuid4(),
        )

    by_kind = dict(SubmissionFile.objects.values_list("kind", "state"))
    assert by_kind == {"video": "waiting", "photo": "ready"}
    assert queued == [SubmissionFile.objects.get(kind="video").pk]


def test_sweep_wakes_the_forgotten_and_gives_up_in_the_end(send, with_place, monkeypatch):
    woken = []
    monkeypatch.setattr("courses.services.cleaning.clean_handed_in_video_task.delay", woken.append)
    file = send(with_place)
    later = timezone.now() + timedelta(hours=2)

    assert sweep_handed_in_videos(now=later) == 1
    assert woken == [file.pk]
    SubmissionFile.objects.update(attempts=3)
    assert sweep_handed_in_videos(now=later) == 0
    file.refresh_from_db()
    assert file.state == "failed"
