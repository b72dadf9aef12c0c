import subprocess
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from courses import transcoding
from courses.models import LessonVideo
from courses.services import make_renditions
from courses.services.videos import sweep_videos
from tests.factories.courses import make_course, make_course_page, make_lesson

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc=d=2:s=640x480:r=10"]
    sound = ["-f", "lavfi", "-i", "sine=d=2"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *picture, *sound, str(path)], check=True)
    return path.read_bytes()


def make_video(content):
    video = LessonVideo(title="封箱")
    video.original.save("film.mp4", ContentFile(content), save=False)
    video.save()
    return video


def test_make_renditions_makes_small_files(film, tmp_path):
    video = make_video(film)

    make_renditions(video=video)

    video.refresh_from_db()
    assert (video.state, video.seconds, video.height) == ("ready", 2, 360)
    assert video.low_bytes > 0
    assert video.audio_bytes > 0
    assert video.poster.name.endswith(".jpg")
    low = tmp_path / "low.mp4"
    with video.low.open("rb") as content:
        low.write_bytes(content.read())
    assert transcoding.probe(low).height == 240


def test_make_renditions_of_something_else(tmp_path):
    video = make_video(b"this is no film")

    make_renditions(video=video)

    video.refresh_from_db()
    assert (video.state, video.error) == ("failed", "not a video")


def test_make_renditions_leaves_it_to_who_holds_the_lease(film):
    video = make_video(film)
    LessonVideo.objects.update(state="working", lease_until=timezone.now() + timedelta(minutes=5))

    make_renditions(video=video)

    video.refresh_from_db()
    assert (video.state, video.attempts) == ("working", 0)


def test_make_renditions_takes_too_long(film, monkeypatch):
    monkeypatch.setattr(transcoding, "TIME_LIMIT", 0.001)
    video = make_video(film)

    make_renditions(video=video)

    video.refresh_from_db()
    assert (video.state, video.error) == ("failed", "took too long")


def test_sweep_videos_wakes_the_forgotten_and_gives_up_in_the_end(monkeypatch):
    woken = []
    monkeypatch.setattr("courses.services.videos.make_video_renditions_task.delay", woken.append)
    forgotten, hopeless = make_video(b"a"), make_video(b"b")
    LessonVideo.objects.filter(pk=hopeless.pk).update(attempts=3, state="working")
    later = timezone.now() + timedelta(hours=2)

    assert sweep_videos(now=later) == 1
    assert woken == [forgotten.pk]
    hopeless.refresh_from_db()
    assert hopeless.state == "failed"
    assert sweep_videos(now=timezone.now()) == 0


def test_lesson_shows_sizes_before_anything_is_loaded(film, client):
    video = make_video(film)
    make_renditions(video=video)
    block = {"title": "封箱", "video": video.pk, "captions": None, "transcript": "<p>贴成工字。</p>"}
    page = make_course_page(make_course())
    make_lesson(page, {"type": "video", "value": block, "id": "1b3c"}, slug="film")

    shown = client.get("/learn/box/film/").content.decode()

    assert 'preload="none"' in shown
    assert " KB" in shown
    assert "贴成工字" in shown
