"""The rehearsal room: its plan, its marks, a file instead of the camera, and who agreed to what."""

import hashlib
import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from livestream.errors import DiskFull, TooManyMarks
from livestream.models import LiveSession, MediaChunk, RoomMark
from livestream.queries import (
    may_record,
    next_part_number,
    questions_of,
    rehearsal_consents,
    rehearsal_of,
    rehearsals_of,
    room_of,
    run_sheet,
    segment_starts,
)
from livestream.services import (
    Mark,
    decide_rehearsal_consent,
    note_marks,
    save_product,
    start_rehearsal,
    take_file,
)
from livestream.services import room as room_services
from registry.models import Person
from tests.factories.livestream import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(host, run) -> LiveSession:
    return start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4(), user=host, now=MORNING)


def seconds(number):
    return MORNING + timedelta(seconds=number)


def decide(host, item, agrees=True):
    decide_rehearsal_consent(person=host.person, item=item, agrees=agrees, by=host, language="zh-hans")


def test_room_goes_by_the_version_it_keeps(session, run):
    card = run_sheet(run).products[0]
    before = room_of(session, "zh-hans").plan()

    save_product(run=run, key=card.key, values={"name": "柚子", "price": "29.90"})

    assert room_of(session, "zh-hans").plan() == before
    assert [segment["starts"] for segment in before] == [0, 30, 90, 180, 225, 270]


def test_room_speaks_the_language_of_its_host(session):
    chinese, english = (room_of(session, language).remarks() for language in ("zh-hans", "en"))

    assert [line["key"] for line in chinese] == [line["key"] for line in english]
    assert chinese[0]["text"] != english[0]["text"]


def test_price_on_the_card_is_asked_about_without_needless_zeros(host, run):
    card = run_sheet(run).products[0]
    save_product(run=run, key=card.key, values={"name": "柚子", "price": "30.00"})

    texts = [
        line["text"]
        for attempt in range(1, 12)
        for line in room_of(
            start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4()), "zh-hans"
        ).remarks()
    ]

    assert any("30元是几斤" in text for text in texts)


def test_room_without_its_sheet_is_no_room(session, host):
    LiveSession.objects.update(run_version=None)
    session.refresh_from_db()

    assert rehearsal_of(host.person, session.uid) is None
    with pytest.raises(ValueError, match="sheet"):
        room_of(session, "en")


def test_marks_sent_twice_are_kept_once(session):
    marks = [
        Mark("segment", "a", seconds(0)),
        Mark("segment", "b", seconds(30)),
        Mark("segment", "a", seconds(60)),
    ]

    for _ in "ab":
        note_marks(session=session, marks=marks)

    assert segment_starts(session) == [("a", seconds(0)), ("b", seconds(30)), ("a", seconds(60))]


def test_questions_tell_which_were_answered_and_when(session):
    first, second = room_of(session, "zh-hans").audience[:2]
    note_marks(
        session=session,
        marks=[
            Mark("asked", first.key, seconds(4)),
            Mark("asked", second.key, seconds(34)),
            Mark("answered", second.key, seconds(40)),
            Mark("answered", second.key, seconds(50)),
            Mark("asked", "99-unknown", seconds(60)),
        ],
    )

    questions = questions_of(session, "zh-hans")

    assert [(each.text, each.answered_at) for each in questions] == [
        (first.text, None),
        (second.text, seconds(40)),
    ]


def test_marks_end_somewhere(session, monkeypatch):
    monkeypatch.setattr(room_services, "MAX_MARKS", 2)

    with pytest.raises(TooManyMarks):
        note_marks(
            session=session, marks=[Mark("asked", str(number), seconds(number)) for number in range(3)]
        )

    assert not RoomMark.objects.exists()


def test_file_is_kept_as_one_part_and_ends_the_rehearsal(session, private_files):
    body = bytes(range(256)) * 6000  # one and a half pieces

    take_file(session=session, file=ContentFile(body), mime="video/mp4", now=seconds(60))

    session.refresh_from_db()
    part = session.parts.get()
    folder = private_files / "live" / str(session.uid) / "0"
    assert b"".join((folder / str(seq)).read_bytes() for seq in range(part.chunk_count)) == body
    assert (part.chunk_count, part.mime, part.wall_start) == (2, "video/mp4", seconds(60))
    assert session.is_over
    assert session.is_declared


def test_file_sent_again_goes_on_with_its_part(session, private_files, monkeypatch):
    body = bytes(3 * 1024 * 1024)
    taken = room_services.take_chunk

    def full_at_the_second(*, chunk, **given):
        if chunk.seq == 1:
            raise DiskFull
        return taken(chunk=chunk, **given)

    monkeypatch.setattr(room_services, "take_chunk", full_at_the_second)
    with pytest.raises(DiskFull):
        take_file(session=session, file=ContentFile(body))
    monkeypatch.undo()

    for _ in "ab":
        take_file(session=session, file=ContentFile(body))

    assert MediaChunk.objects.filter(part__session=session).count() == 3
    assert session.parts.count() == 1


def test_next_part_follows_the_last(session, private_files):
    assert next_part_number(session) == 0

    take_file(session=session, file=io.BytesIO(b"film"))  # type: ignore[arg-type]

    assert next_part_number(session) == 1
    assert MediaChunk.objects.get().sha256 == hashlib.sha256(b"film").hexdigest()


def test_nobody_is_recorded_who_was_not_asked(session):
    assert not may_record(session, MORNING.date())


def test_each_consent_is_given_and_taken_back_by_itself(host, session):
    decide(host, "record_rehearsal")
    decide(host, "peers_watch")
    decide(host, "peers_watch", agrees=False)

    assert rehearsal_consents(host.person) == {
        "record_rehearsal": True,
        "peers_watch": False,
        "showcase_rehearsal": False,
    }


def test_consent_holds_for_what_two_records_of_her_rehearsed(host, session, other_host):
    Person.objects.filter(pk=other_host.person.pk).update(kept_as=host.person)

    assert list(rehearsals_of(host.person)) == [session]
    LiveSession.objects.update(person=other_host.person)
    assert list(rehearsals_of(host.person)) == [session]
