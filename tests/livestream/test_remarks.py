import io
import uuid
from datetime import timedelta

import av
import pytest
from django.db import IntegrityError, transaction

from livestream.models import CommentAnswer, TimelineComment
from livestream.queries.recordings import recording_of, remarks_for_coach, remarks_for_host
from livestream.review_errors import (
    NoVoice,
    OwnRehearsal,
    RemarkEmpty,
    RemarkNotShown,
    VoiceTooLong,
)
from livestream.services.remarks import (
    LEAD,
    Said,
    add_remark,
    answer_remark,
    settle_remark,
    take_back_remark,
)
from livestream.timeline import wall_time
from livestream.voice_notes import check_voice
from tests.factories.reviews import (
    ask,
    give,
    make_coach,
    make_rehearsal,
    mark_segments,
    remark,
    voice_note,
)
from tests.livestream.made_media import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(host):
    """Three minutes with a gap of forty seconds after the first."""
    return make_rehearsal(host.person, parts=((0, 60), (100, 80)))


@pytest.fixture
def coach():
    return make_coach()


@pytest.fixture
def shown(session, coach):
    ask(session)
    kept = remark(session, coach)
    give(session, coach)
    kept.refresh_from_db()
    return kept


def press(session, coach, after, **fields):
    return add_remark(
        session=session,
        author=coach,
        role="coach",
        client_token=uuid.uuid4(),
        pressed_at=session.started_at + timedelta(seconds=after),
        said=Said(text="慢"),
        **fields,
    )


def places(session):
    return [
        each.at for each in recording_of(session, TimelineComment.objects.filter(session=session)).remarks
    ]


def test_press_is_put_three_seconds_back(session, coach):
    kept = press(session, coach, 20)

    assert timedelta(seconds=3) == LEAD
    assert kept.wall_time == session.started_at + timedelta(seconds=17)


@pytest.mark.parametrize(
    ("after", "at"), [(20, 20), (59, 59), (80, 60), (100, 60), (130.5, 90.5), (179, 139)]
)
def test_anchor_is_within_a_second_across_a_gap(session, coach, after, at):
    press(session, coach, after, lead=timedelta(0))

    assert places(session) == [pytest.approx(at, abs=1)]


def test_anchor_survives_a_recording_made_anew(session, coach):
    remark(session, coach, after=130)
    assert places(session) == [90]

    # The late rest of the first part has arrived: the recording is longer, the moment the same.
    session.parts.filter(number=0).update(seconds=99)
    session.parts.filter(number=1).update(media_start=99)

    assert places(session) == [129]
    parts = list(session.parts.all())
    assert wall_time(parts, 129) == session.started_at + timedelta(seconds=130)


def test_press_outside_the_session_is_moved_into_it(session, coach):
    assert press(session, coach, -50).wall_time == session.started_at
    assert press(session, coach, 9999).wall_time == session.ended_at


def test_remark_belongs_to_the_segment_that_was_on(session, coach):
    keys = mark_segments(session, [0, 30, 110])

    kept = [remark(session, coach, after=after) for after in (10, 31, 179)]

    assert [each.segment_key for each in kept] == keys[:3]


def test_remark_before_the_first_mark_has_no_segment(session, coach):
    mark_segments(session, [30])

    assert remark(session, coach, after=5).segment_key is None


def test_unknown_rubric_line_is_left_out(session, coach):
    assert remark(session, coach, line_key="voice").line_key == "voice"
    assert remark(session, coach, line_key="nonsense").line_key == ""


def test_remark_says_something(session, coach, host):
    with pytest.raises(RemarkEmpty):
        remark(session, coach, text="  ")
    with pytest.raises(OwnRehearsal):
        remark(session, host)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineComment.objects.create(
            session=session,
            author=coach,
            client_token=uuid.uuid4(),
            wall_time=session.started_at,
            made_at=session.started_at,
        )


def test_same_voice_note_sent_twice_is_kept_once(session, coach):
    token, voice = uuid.uuid4(), check_voice(voice_note())

    first = remark(session, coach, text="", voice=voice, client_token=token)
    again = remark(session, coach, text="", voice=voice, client_token=token)

    assert (first, TimelineComment.objects.count()) == (again, 1)
    assert first.voice.name == f"remarks/{session.uid}/{voice.sha256}.m4a"


def test_coach_sees_others_remarks_only_after_her_own_review(session, coach):
    ask(session, wanted=2)
    other = make_coach(name="教练乙")
    remark(session, other)
    give(session, other)
    mine = remark(session, coach)

    assert list(remarks_for_coach(session, coach)) == [mine]
    give(session, coach)
    assert remarks_for_coach(session, coach).count() == 2


def test_host_sees_what_is_shown_and_not_taken_back(session, coach, shown):
    assert list(remarks_for_host(session)) == [shown]

    take_back_remark(remark=shown)

    assert list(remarks_for_host(session)) == []
    for change in (
        lambda: settle_remark(remark=shown, is_settled=True),
        lambda: answer_remark(remark=shown, author=coach, text="好", client_token=uuid.uuid4()),
    ):
        with pytest.raises(RemarkNotShown):
            change()


def test_remark_is_settled_and_opened_again(shown):
    settle_remark(remark=shown, is_settled=True)
    at = shown.resolved_at
    settle_remark(remark=shown, is_settled=True)
    assert shown.resolved_at == at is not None

    settle_remark(remark=shown, is_settled=False)
    assert shown.resolved_at is None


def test_answer_sent_twice_is_one(shown, host):
    token = uuid.uuid4()

    for text in ("知道了", "知道了，下次改"):
        answer_remark(remark=shown, author=host, text=text, client_token=token)

    assert CommentAnswer.objects.get().text == "知道了"
    with pytest.raises(RemarkEmpty):
        answer_remark(remark=shown, author=host, text=" ", client_token=uuid.uuid4())


def test_voice_note_is_written_anew_without_what_the_phone_put_in(tmp_path):
    told = make(
        tmp_path / "phone.m4a",
        "-i",
        voice_note_path(),
        "-metadata",
        "location=+25+111/",
        "-metadata",
        "title=x",
    )

    note = check_voice(io.BytesIO(told.read_bytes()))

    with av.open(io.BytesIO(note.content)) as container:
        assert container.format.name == "mov,mp4,m4a,3gp,3g2,mj2"
        assert [stream.type for stream in container.streams] == ["audio"]
        assert {"location", "title"}.isdisjoint(container.metadata)
    assert b"+25+111" not in note.content
    assert note.seconds == 9


def test_voice_note_lasts_a_minute_at_most(tmp_path):
    minute, longer = (
        make(tmp_path / f"{seconds}.ogg", *("-f", "lavfi", "-t", str(seconds), "-i", "sine=r=8000"))
        for seconds in (60, 62)
    )

    assert check_voice(io.BytesIO(minute.read_bytes())).seconds == 60
    with pytest.raises(VoiceTooLong):
        check_voice(io.BytesIO(longer.read_bytes()))


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"\x1a\x45\xdf\xa3" + bytes(500)])
def test_what_is_no_sound_is_refused(content):
    with pytest.raises(NoVoice):
        check_voice(io.BytesIO(content))


def test_picture_without_sound_is_no_voice_note(tmp_path):
    mute = make(tmp_path / "mute.mp4", "-f", "lavfi", "-t", "1", "-i", "color=gray:s=64x64:r=5")

    with pytest.raises(NoVoice):
        check_voice(io.BytesIO(mute.read_bytes()))


def voice_note_path():
    from livestream.demo.story import COACH_NOTE

    return str(COACH_NOTE)
