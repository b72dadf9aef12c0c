"""The days of a taught class: its timetable, signing in, what the sheets and photos say."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from courses.errors import (
    HeadsDiffer,
    MinutesOutOfRange,
    NoPlaceInClass,
    PhotoKnown,
    ReasonMissing,
    SheetMissing,
    SittingFixed,
    SittingNotBegun,
    TutorMissing,
)
from courses.models import (
    Attendance,
    Evidence,
    SignIn,
    SittingSite,
)
from courses.services import (
    Proof,
    SitePlan,
    Tap,
    add_photo,
    add_site,
    cancel_sitting,
    confirm_sitting,
    correct_minutes,
    key_in_sheet,
    move_sitting,
    play_recording,
    sign_in,
    sync_taps,
)
from registry.models import AuditEntry
from tests.courses.test_races import at_once
from tests.factories import courses as make
from tests.factories.classes import (
    ONE_DAY,
    attend,
    during,
    make_open,
    seat,
    send_sheets,
)

pytestmark = pytest.mark.django_db


# The timetable


def test_moved_sitting_stays_and_its_successor_bears_its_number(by, open_class):
    last = open_class.sittings.last()
    begins = make.at("2026-03-09", "09:00")

    new = move_sitting(
        sitting=last, starts_at=begins, ends_at=begins + timedelta(hours=3), reason="暴雨", by=by["body"]
    )

    last.refresh_from_db()
    open_class.refresh_from_db()
    assert (last.state, last.moved_to, new.number) == ("moved", new, last.number)
    assert [site.name for site in new.sites.all()] == ["示例镇文化站"]
    assert open_class.ends_on == begins.date()


def test_attended_sitting_is_neither_moved_nor_cancelled(by, open_class, sitting):
    attend(seat(open_class), sitting, by["body"])

    with pytest.raises(SittingFixed):
        cancel_sitting(sitting=sitting, reason="停电", by=by["body"])


def test_recording_counts_only_with_a_tutor(by, open_class, sitting):
    site = add_site(sitting=sitting, site=SitePlan("桃花村听课点"), by=by["body"])
    with pytest.raises(TutorMissing):
        play_recording(site=site, since=during(sitting), by=by["body"])
    site = add_site(
        sitting=sitting, site=SitePlan("桃花村听课点", tutor_name="辅导员甲"), to_all=True, by=by["body"]
    )

    play_recording(site=site, since=during(sitting), by=by["body"])

    site.refresh_from_db()
    assert site.recorded_since == during(sitting)
    assert open_class.sittings.last().sites.count() == 2


# Signing in


def test_nobody_signs_in_before_the_sitting(open_class, sitting):
    early = sitting.starts_at - timedelta(minutes=31)

    with pytest.raises(SittingNotBegun):
        sign_in(enrolment=seat(open_class), sitting=sitting, proof=Proof(Evidence.QR), now=early)


def test_only_who_has_a_place_signs_in(by, open_class, sitting):
    other = seat(make_open(by, **ONE_DAY), "学员丙")

    with pytest.raises(NoPlaceInClass):
        sign_in(enrolment=other, sitting=sitting, proof=Proof(Evidence.QR), now=during(sitting))


def test_a4_clock_of_the_phone_is_taken_off_and_kept(by, open_class, sitting):
    enrolment = seat(open_class)
    now = during(sitting, 60)
    fast = timedelta(minutes=12)
    tapped = sitting.starts_at + timedelta(minutes=3)
    tap = Tap(enrolment.uid, uuid4(), tapped + fast)

    for _again in range(2):
        outcome = sync_taps(
            site=sitting.sites.get(), taps=[tap], device="d1", device_time=now + fast, by=by["body"], now=now
        )

    assert outcome == {tap.client_token: ""}
    kept = SignIn.objects.get()
    assert (kept.signed_at, kept.clock_offset, kept.evidence) == (tapped, 720, "tutor")
    assert Attendance.objects.get().minutes == 180


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_phones_syncing_at_once_lose_and_double_nothing(by):
    training_class = make_open(by, **ONE_DAY)
    places = [seat(training_class, f"学员{number:02d}") for number in range(10)]
    site = training_class.sittings.first().sites.get()
    now = during(site.sitting)
    taps = [Tap(place.uid, uuid4(), now) for place in places]
    phones = [taps, taps, [Tap(place.uid, uuid4(), now) for place in places], taps[5:], taps[:5]]

    outcomes = at_once(
        *[
            lambda sent=sent: sync_taps(
                site=SittingSite.objects.get(pk=site.pk),
                taps=sent,
                device="d",
                device_time=now,
                by=by["body"],
                now=now,
            )
            for sent in phones
        ]
    )

    assert [set(each.values()) for each in outcomes] == [{""}] * len(phones)
    assert SignIn.objects.count() == 20
    assert sorted(Attendance.objects.values_list("minutes", flat=True)) == [180] * 10


def test_a_tap_for_a_stranger_is_refused_in_words_and_the_others_kept(by, open_class, sitting):
    enrolment = seat(open_class)
    now = during(sitting)
    taps = [Tap(uuid4(), uuid4(), now), Tap(enrolment.uid, uuid4(), now)]

    outcome = sync_taps(
        site=sitting.sites.get(), taps=taps, device="d1", device_time=now, by=by["body"], now=now
    )

    assert [bool(outcome[tap.client_token]) for tap in taps] == [True, False]


def test_three_taps_cost_as_many_queries_as_one(by, open_class, sitting):
    site, now = sitting.sites.get(), during(sitting)
    places = [seat(open_class, name) for name in ("甲", "乙", "丙", "丁")]
    queries = []

    for sent in (places[:1], places[1:]):
        taps = [Tap(place.uid, uuid4(), now) for place in sent]
        with CaptureQueriesContext(connection) as asked:
            outcome = sync_taps(site=site, taps=taps, device="d", device_time=now, by=by["body"], now=now)
        assert set(outcome.values()) == {""}
        queries.append(len(asked))

    assert queries[1] <= queries[0]
    assert Attendance.objects.count() == SignIn.objects.count() == 4


def test_sitting_stays_open_until_keyed_in_is_what_the_sheet_says(by, open_class, sitting):
    places = [seat(open_class, name) for name in ("甲", "乙")]
    site = sitting.sites.get()
    with pytest.raises(SheetMissing):
        confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)
    send_sheets(sitting, by["body"], 2)
    key_in_sheet(site=site, signed={places[0]: "pen"}, by=by["body"], now=sitting.ends_at)
    with pytest.raises(HeadsDiffer) as refusal:
        confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)
    assert (refusal.value.keyed, refusal.value.heads) == (1, 2)

    key_in_sheet(site=site, signed={places[0]: "pen", places[1]: "thumb"}, by=by["body"], now=sitting.ends_at)
    confirmed = confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)

    assert confirmed.state == "confirmed"
    assert sorted(SignIn.objects.values_list("evidence", flat=True)) == ["pen", "thumb"]
    with pytest.raises(SittingFixed):
        attend(places[0], sitting, by["body"])


def test_corrections_have_a_reason_and_stay_in_range(by, open_class, sitting):
    enrolment = seat(open_class)
    attend(enrolment, sitting, by["body"])
    wrong = [(180, "没变"), (-1, "少了"), (181, "多了")]
    for minutes, reason in wrong:
        with pytest.raises(MinutesOutOfRange):
            correct_minutes(
                enrolment=enrolment, sitting=sitting, minutes=minutes, reason=reason, by=by["body"]
            )
    with pytest.raises(ReasonMissing):
        correct_minutes(enrolment=enrolment, sitting=sitting, minutes=90, reason="", by=by["body"])

    correct_minutes(enrolment=enrolment, sitting=sitting, minutes=90, reason="提前离场", by=by["body"])

    assert [row.minutes for row in Attendance.objects.order_by("pk")] == [180, -90]
    assert AuditEntry.objects.filter(action="attendance_corrected").get().detail["reason"] == "提前离场"


def test_ledger_is_append_only(by, open_class, sitting):
    attend(seat(open_class), sitting, by["body"])

    for broken in (
        lambda: Attendance.objects.update(minutes=90),
        lambda: SignIn.objects.all().delete(),
        lambda: Attendance.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            broken()


def test_photo_keeps_time_and_hash_and_nothing_else(by, sitting):
    exif = make.photo().file
    data = Image.Exif()
    data.get_ifd(0x8769)[0x9003] = "2026:03:02 09:12:00"
    data[0x010F] = "PhoneMaker"
    picture = make.photo(exif=data)

    photo = add_photo(sitting=sitting, file=picture.file, view="front", by=by["body"])

    assert photo.taken_at == make.at("2026-03-02", "09:12")
    assert not photo.is_of_another_day
    with photo.file.open() as kept:
        assert b"PhoneMaker" not in kept.read()
    assert photo.sha256 != add_photo(sitting=sitting, file=exif, view="rear", by=by["body"]).sha256
    with pytest.raises(PhotoKnown):
        add_photo(sitting=sitting, file=picture.file, view="rear", by=by["body"])
