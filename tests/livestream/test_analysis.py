from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from livestream import raw
from livestream.demo.story import SAID, voices
from livestream.drawing import MOST_BARS, Ruler, banded, levels
from livestream.measured_words import told
from livestream.measurements import measure
from livestream.models import Analysis, LiveSession, Measurement, Rendition, RoomMark
from livestream.queries.recordings import recording_of, remarks_for_host
from livestream.services import analysis as service
from livestream.services.analysis import analyse_recording, request_analysis, sweep_analyses
from tests.factories.reviews import make_rehearsal, mark_segments
from tests.livestream.made_media import make


@dataclass
class Segment:
    key: UUID
    script: str
    planned_seconds: int


@dataclass
class Turn:
    segment: Segment
    seconds: float

    @property
    def key(self):
        return self.segment.key

    @property
    def share_of_plan(self):
        return 100 * self.seconds / self.segment.planned_seconds


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """The first attempt of the demo before a grey wall: 38 s, 13 of it dead air."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    wall = "color=gray:s=160x90:r=8:d=38"
    return make(
        path, "-i", str(voices()[0].path), "-f", "lavfi", "-i", wall, "-c:v", "libx264", "-c:a", "aac"
    )


@pytest.fixture
def measured(film):
    segments = [Segment(uuid4(), text.replace("…", ""), 9) for text in SAID[0]]
    starts = [*voices()[0].starts, voices()[0].seconds]
    turns = [
        Turn(segment, end - begin)
        for segment, begin, end in zip(segments, starts[:-1], starts[1:], strict=True)
    ]
    return {each.name: each for each in measure(film, segments, turns)}


def test_demo_voice_is_measured_as_it_was_made(measured):
    assert measured["dead_air"].detail["count"] == 2
    assert measured["dead_air"].band == "far"  # a third of the time
    assert measured["speech_rate"].value == pytest.approx(190, abs=5)
    assert measured["speech_rate"].detail["characters"] == 76
    assert measured["clipping"].value == 0
    assert (measured["light"].value, measured["light"].band) == (pytest.approx(128, abs=4), "good")
    assert measured["shake"].band == "good"


def test_segments_are_held_against_their_plan(measured):
    rows = measured["segment_time"].detail["segments"]

    assert [row["band"] for row in rows] == ["far", "far", "watch", "watch", "far", "good"]
    assert rows[2]["seconds"] == pytest.approx(12.8, abs=0.2)
    assert measured["segment_time"].band == "far"


def test_without_marks_there_is_no_time_against_plan(film):
    names = {each.name for each in measure(film, [], [])}

    assert "segment_time" not in names
    assert {"dead_air", "loudness", "light"} <= names


def test_levels_are_drawn_in_a_bounded_number_of_bars():
    bars = levels(Ruler(3600), [-20.0] * 3599 + [-90.0], clipped=[5])

    assert len(bars) <= MOST_BARS
    assert (bars[0].band, bars[1].band) == ("far", "good")
    assert bars[-1].left + bars[-1].width == pytest.approx(100)


def test_neighbouring_seconds_of_one_band_are_one_bar():
    bars = banded(Ruler(6), "light", [120, 120, 20, 20, 130, 130])

    assert [(bar.at, bar.seconds, bar.band) for bar in bars] == [
        (0, 2, "good"),
        (2, 2, "far"),
        (4, 2, "good"),
    ]


@pytest.fixture
def session(host, film):
    """A finished rehearsal whose plain file is the film."""
    session = make_rehearsal(host.person, parts=((0, 38),))
    mark_segments(session, voices()[0].starts)
    target = raw.session_folder(session.uid) / "vod/1/film.mp4"
    target.parent.mkdir(parents=True)
    target.write_bytes(film.read_bytes())
    Rendition.objects.create(
        session=session, kind=Rendition.Kind.FILE, path="vod/1/film.mp4", bytes=1, seconds=38
    )
    return session


pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_recording_is_measured_and_drawn(session):
    analysis = request_analysis(session=session)

    analyse_recording(analysis=analysis)

    analysis.refresh_from_db()
    recording = recording_of(session, remarks_for_host(session))
    assert analysis.is_ready
    assert {"speech_rate", "dead_air", "segment_time", "loudness", "light"} <= set(recording.measurements)
    assert {"speech", "silence", "levels", "light", "shake"} == set(recording.strips)
    assert len(recording.segment_bars) == 6
    assert {each.band for each in recording.told_good} == {"good"}
    assert sorted(recording.told_good + recording.told_to_mend, key=str) == sorted(recording.told, key=str)
    assert recording.segment_bars[-1].left + recording.segment_bars[-1].width == pytest.approx(100, abs=0.1)


def test_measuring_again_replaces_what_was_measured(session):
    for _time in "ab":
        analyse_recording(analysis=request_analysis(session=session))

    names = list(Measurement.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) == 8


def test_second_worker_leaves_it_alone(session, monkeypatch):
    analysis = request_analysis(session=session)
    Analysis.objects.update(state="working", lease_until=timezone.now() + timedelta(minutes=5))
    monkeypatch.setattr(service, "measure", lambda *_: pytest.fail("measured twice"))

    analyse_recording(analysis=analysis)


def test_recording_that_is_gone_or_broken_is_marked_so(session):
    path = raw.session_folder(session.uid) / "vod/1/film.mp4"
    for content, error in ((b"broken", "Invalid data"), (None, "no recording")):
        path.unlink() if content is None else path.write_bytes(content)
        analysis = request_analysis(session=session)

        analyse_recording(analysis=analysis)

        analysis.refresh_from_db()
        assert analysis.state == "failed"
        assert error in analysis.error


def test_sweep_asks_for_what_was_not_measured_or_by_an_older_algorithm(session, host, monkeypatch):
    make_rehearsal(host.person, state=LiveSession.State.PROCESSING)
    queued = []
    monkeypatch.setattr(service.analyse_recording_task, "delay", queued.append)

    assert sweep_analyses() == 1
    analyse_recording(analysis=Analysis.objects.get())
    assert sweep_analyses() == 0
    monkeypatch.setattr(service, "ALGORITHM", 2)
    assert sweep_analyses() == 1


def test_sweep_wakes_a_lost_worker_and_gives_up_in_the_end(session):
    request_analysis(session=session)
    Analysis.objects.update(state="working", lease_until=timezone.now() - timedelta(minutes=1), attempts=1)
    assert sweep_analyses() == 1

    Analysis.objects.update(attempts=3)
    assert sweep_analyses() == 0
    assert Analysis.objects.get().state == "failed"


def test_questions_of_the_practice_audience_are_held_against_the_answers(session):
    for kind, keys in (("asked", "abcde"), ("answered", "abz")):
        for key in keys:
            RoomMark.objects.create(session=session, kind=kind, key=key, at=session.started_at)

    analyse_recording(analysis=request_analysis(session=session))

    answered = Measurement.objects.get(name="answered")
    assert (answered.value, answered.band) == (40, "watch")
    assert "2" in next(each.value for each in told({"answered": answered}))
