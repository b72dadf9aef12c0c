"""The class desk through its pages: steps, roster, sittings, sheets, taps, the wall, the station."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from courses.models import Attendance, Enrolment, SignIn, Sitting, TrainingClass, WaitingPlace
from courses.services import cancel_class, close_class, take_place
from courses.wall_codes import wall_code
from registry.models import AuditEntry, StationDevice
from registry.permissions import may
from registry.services import appoint, register_device
from registry.stations import remember_device
from tests.factories import courses as make
from tests.factories.classes import ONE_DAY, attend, confirm_all, during, make_open, make_planned, seat

pytestmark = pytest.mark.django_db
ROLES = {"body": "operator", "town": "town", "office": "office", "keeper": "station_keeper"}


@pytest.fixture
def by():
    """One account for each step, appointed for the county."""
    county = make.make_county().region
    people = {}
    for name, role in ROLES.items():
        people[name] = make.make_user(name)
        appoint(user=people[name], role=role, region=county, since=make.at("2020-01-01").date())
    return people


@pytest.fixture
def open_class(by):
    return make_open(by, **ONE_DAY)


@pytest.fixture
def sitting(open_class):
    return open_class.sittings.first()


@pytest.fixture
def site(sitting):
    return sitting.sites.get()


@pytest.fixture
def as_(client, by):
    """Sign somebody in and return the client."""

    def sign_in(name):
        client.force_login(by[name])
        return client

    return sign_in


@pytest.fixture(autouse=True)
def morning():
    """It is in the middle of the first sitting."""
    with time_machine.travel(make.at("2026-03-02", "10:00"), tick=False) as clock:
        yield clock


def url(name, *args):
    return reverse(f"courses:{name}", args=args)


PLAN = {
    "place": "431125100200",
    "venue": "示例镇文化站",
    "room_capacity": "50",
    "starts_on": "2026-04-01",
    "planned_hours": "4",
    "capacity": "40",
    "lead_teacher": "示例老师",
    "budget_line": "2026-03",
    "funding": "",
}


def test_operator_plans_a_class_with_its_sitting_and_submits_it(as_, by):
    course = make.make_course()
    client = as_("body")

    client.post(url("plan_class"), {**PLAN, "course": course.pk})
    made = TrainingClass.objects.get()
    when = {"day": "2026-04-01", "kind": "morning", "begins": "09:00", "ends": "12:00", "topic": "选品"}
    client.post(url("add_sitting", made.uid), when)
    client.post(url("class_step", made.uid, "submit"))

    made.refresh_from_db()
    assert (made.state, made.venue, made.funding_region) == ("submitted", "示例镇文化站", made.county)
    assert made.sittings.get().planned_minutes == 180


def test_plan_without_places_is_refused_in_words(as_):
    answer = as_("body").post(url("plan_class"), {**PLAN, "course": make.make_course().pk, "capacity": "0"})

    assert answer.context["form"].errors.keys() == {"capacity"}


def test_a14_town_checks_and_office_approves_through_their_pages(as_, by):
    made = make_planned(by, **ONE_DAY)
    as_("body").post(url("class_step", made.uid, "submit"))
    assert as_("body").post(url("class_step", made.uid, "check")).status_code == 404

    as_("town").post(url("class_step", made.uid, "check"))
    as_("office").post(url("class_step", made.uid, "approve"), {"approval_number": "江商字3号"})

    made.refresh_from_db()
    assert (made.state, made.approval_number) == ("open", "江商字3号")


def test_office_sends_back_only_with_a_reason(as_, by):
    made = make_planned(by, **ONE_DAY)
    as_("body").post(url("class_step", made.uid, "submit"))

    answer = as_("town").post(url("class_step", made.uid, "send_back"), {"reason": ""})
    assert "reason" in answer.context["reason_form"].errors
    as_("town").post(url("class_step", made.uid, "send_back"), {"reason": "名单不全"})

    made.refresh_from_db()
    assert made.state == "planned"


def test_e18_office_cancels_through_the_page(as_, open_class, sitting, by):
    enrolment = seat(open_class)
    attend(enrolment, sitting, by["body"])

    as_("office").post(url("class_step", open_class.uid, "cancel"), {"reason": "大雪封路"})

    page = as_("office").get(url("class", open_class.uid)).content.decode()
    assert "大雪封路" in page
    assert Attendance.objects.get().minutes == 180


def test_keeper_finds_and_enrols_her_people_and_sees_others_masked(as_, open_class, by):
    make.make_region("431129", "江华县", 3)
    seat(open_class, "欧阳示例")
    villager = make.make_person("学员丁", village=make.make_village())

    page = as_("keeper").get(url("class_enrol", open_class.uid), {"name": "学员丁"})
    assert [row[0] for row in page.context["found"]] == [villager]
    as_("keeper").post(url("class_enrol", open_class.uid), {"person": villager.uid, "category": "villager"})

    assert Enrolment.objects.filter(person=villager, enrolled_by=by["keeper"]).exists()


def test_place_is_given_up_through_the_page(as_, open_class):
    enrolment = seat(open_class)

    as_("town").post(url("give_up", open_class.uid, enrolment.uid), {"reason": "外出务工"})

    enrolment.refresh_from_db()
    assert enrolment.withdrawn_reason == "外出务工"


def test_auditor_of_another_county_finds_no_class(client, open_class):
    stranger = make.make_user()
    other = make.make_region("431129", "江华县", 3)
    appoint(user=stranger, role="auditor", region=other.region, since=make.at("2020-01-01").date())
    client.force_login(stranger)

    assert client.get(url("class", open_class.uid)).status_code == 404
    assert client.get(url("classes")).context["page_obj"].paginator.count == 0


@pytest.mark.parametrize("name", ["classes", "class", "sitting", "tap_list", "site_sheet"])
def test_pages_ask_the_same_number_of_queries_for_one_and_three(
    as_, by, open_class, sitting, site, name, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    where = {"classes": (), "class": (open_class.uid,), "sitting": (sitting.uid,)}.get(name, (site.uid,))
    client = as_("body")
    attend(seat(open_class), sitting, by["body"])
    client.get(url(name, *where))
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(url(name, *where))
    if name == "classes":
        for _more in range(2):
            make_planned(by, **ONE_DAY)
    for person in ("学员乙", "学员丙"):
        attend(seat(open_class, person), sitting, by["body"])

    with django_assert_num_queries(len(first)):
        client.get(url(name, *where))


def test_sheet_is_printed_and_logged(as_, site, open_class):
    seat(open_class)

    answer = as_("body").get(url("sheet_pdf", site.uid))

    assert answer.content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(action="sheet_printed").get().detail["people"] == 1


def test_signed_sheet_keyed_in_confirms_the_sitting_when_heads_agree(as_, open_class, sitting, site):
    places = [seat(open_class, name) for name in ("学员甲", "学员乙")]
    client = as_("body")
    signed = {f"kind-{places[0].uid}": "pen"}

    client.post(url("site_sheet", site.uid), {"heads": "2", "scan": make.photo(), **signed})
    sitting.refresh_from_db()
    assert sitting.state == "held"
    client.post(url("site_sheet", site.uid), {"heads": "2", f"kind-{places[1].uid}": "thumb"})

    sitting.refresh_from_db()
    assert sitting.state == "confirmed"
    assert client.get(url("sheet_scan", site.uid))["Content-Type"] == "image/jpeg"


def test_sheet_with_other_heads_needs_its_own_scan(as_, open_class, site):
    client = as_("body")
    client.post(url("site_sheet", site.uid), {"heads": "2", "scan": make.photo()})

    answer = client.post(url("site_sheet", site.uid), {"heads": "1"})

    assert "scan" in answer.context["form"].errors


def taps_of(*places, at, tokens=None):
    return {
        "device": "phone-1",
        "device_time": at.isoformat(),
        "taps": [
            {"enrolment": str(place.uid), "token": str(token), "at": at.isoformat()}
            for place, token in zip(places, tokens or [uuid4() for _ in places], strict=True)
        ],
    }


def send(client, site, payload):
    return client.post(url("taps", site.uid), json.dumps(payload), content_type="application/json")


def test_taps_of_a_phone_are_kept_once(as_, open_class, sitting, site):
    places = [seat(open_class, name) for name in ("学员甲", "学员乙")]
    payload = taps_of(*places, at=during(sitting))

    answers = [send(as_("body"), site, payload).json() for _again in range(2)]

    assert answers[0]["kept"] == answers[1]["kept"] == [tap["token"] for tap in payload["taps"]]
    assert answers[1]["present"] == SignIn.objects.count() == 2


def test_a4_phone_with_a_wrong_clock_is_told(as_, open_class, sitting, site):
    payload = taps_of(seat(open_class), at=make.at("2026-03-02", "10:15"))

    answer = send(as_("body"), site, payload).json()

    assert "15" in answer["clock"]
    assert SignIn.objects.get().clock_offset == 900


def test_taps_that_are_none_are_refused(as_, site):
    for broken in ("[]", "{}", '{"device": "x", "device_time": "2026", "taps": []}', "x"):
        answer = as_("body").post(url("taps", site.uid), broken, content_type="application/json")
        assert answer.status_code == 400


def test_tap_without_javascript_is_kept(as_, open_class, site):
    place = seat(open_class)

    as_("body").post(url("tap_list", site.uid), {"enrolment": place.uid, "token": uuid4()})

    assert SignIn.objects.get().evidence == "tutor"


def test_keeper_may_not_tap(as_, site):
    assert as_("keeper").get(url("tap_list", site.uid)).status_code == 404
    assert send(as_("keeper"), site, {}).status_code == 404


@pytest.fixture
def villager(client, open_class):
    user = make.make_user("学员甲")
    enrolment = seat(open_class, person=make.make_person("学员甲", user=user, village=make.make_village()))
    client.force_login(user)
    return enrolment


def test_wall_shows_a_code_that_opens_the_button(as_, client, site, sitting, open_class, villager, morning):
    client.get(url("here_code", wall_code(site.uid)))
    page = client.get(url("here"))
    assert page.context["seen"] == site

    for _again in range(2):
        client.post(url("here"), {"sitting": sitting.uid})

    assert (SignIn.objects.get().evidence, Attendance.objects.get().site) == ("qr", site)
    assert client.get(url("here")).context["places"][0].is_signed_in


def test_picture_of_the_wall_sent_home_is_worth_nothing(client, site, sitting, villager, morning):
    code = wall_code(site.uid)
    morning.shift(timedelta(seconds=60))

    assert "seen" not in (client.get(url("here_code", code)).context or {})
    client.post(url("here"), {"sitting": sitting.uid})

    assert not SignIn.objects.exists()


def test_station_device_of_the_county_signs_in_by_card(client, sitting, site, villager, by, rf):
    village = make.make_village()
    device, token = register_device(name="平板", region=village, by=by["keeper"])
    from django.http import HttpResponse

    response = HttpResponse()
    remember_device(response, token)
    client.cookies.update(response.cookies)

    client.post(url("here"), {"sitting": sitting.uid})

    kept = SignIn.objects.get()
    assert (kept.evidence, kept.is_station, kept.device) == ("pin", True, f"station {device.pk}")
    assert StationDevice.objects.count() == 1


def test_wall_picture_is_drawn_anew_each_time(as_, site, morning):
    client = as_("body")
    first = client.get(url("wall_picture", site.uid))
    morning.shift(timedelta(seconds=10))

    assert first["Content-Type"] == "image/svg+xml"
    assert first.content != client.get(url("wall_picture", site.uid)).content
    assert client.get(url("wall", site.uid)).status_code == 200


def test_villager_joins_waits_and_leaves(client, by, morning):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    seat(training_class)
    user = make.make_user("学员乙")
    make.make_person("学员乙", user=user, village=make.make_village())
    client.force_login(user)
    morning.move_to(make.at("2026-03-01"))

    client.post(url("join", training_class.uid))
    assert WaitingPlace.objects.get().state == "waiting"
    assert client.get(url("join_list")).context["rows"][0][1] == "waiting"
    client.post(url("leave", training_class.uid))

    assert WaitingPlace.objects.get().state == "given_up"


def test_moving_correcting_marking_and_photos_through_the_pages(as_, by, open_class, sitting):
    place = seat(open_class)
    attend(place, sitting, by["body"])
    client = as_("body")

    client.post(url("correct_minutes", sitting.uid, place.uid), {"minutes": "90", "reason": "提前离场"})
    client.post(url("practical_mark", open_class.uid, place.uid), {"mark": "85"})
    client.post(url("add_photo", sitting.uid), {"view": "front", "photo": make.photo()})
    last = open_class.sittings.last()
    moved = {"day": "2026-03-03", "begins": "09:00", "ends": "12:00", "reason": "停电"}
    client.post(url("move_sitting", last.uid), moved)

    assert sum(Attendance.objects.values_list("minutes", flat=True)) == 90
    assert place.practical_marks.get().mark == 85
    photo = sitting.photos.get()
    assert client.get(url("sitting_photo", sitting.uid, photo.pk)).content.startswith(b"\xff\xd8")
    assert Sitting.objects.get(moved_from=last).starts_at == make.at("2026-03-03", "09:00")
    assert "提前离场" in client.get(url("sitting", sitting.uid)).content.decode()


def test_e7_office_closes_the_class_on_its_page(as_, by, open_class, morning):
    place = seat(open_class)
    for each in open_class.sittings.all():
        attend(place, each, by["body"])
    as_("body").post(url("practical_mark", open_class.uid, place.uid), {"mark": "60"})
    confirm_all(open_class, by["body"])
    morning.move_to(make.at("2026-03-02", "20:00"))

    as_("office").post(reverse("county:close_class", args=[open_class.uid]), {"is_sure": "on"})

    place.refresh_from_db()
    assert place.completed_hours == 8


def test_closed_and_cancelled_classes_offer_nothing_to_enter(as_, by, open_class, sitting):
    cancel_class(training_class=open_class, reason="人数不足", by=by["office"])

    page = as_("body").get(url("sitting", sitting.uid))

    assert not page.context["is_open"]
    assert close_class(training_class=open_class, by=by["office"]).state == "cancelled"
    assert may(by["office"], "approve_class", code="431125")


def test_office_changes_the_places_of_an_open_class_and_who_waits_moves_up(as_, by):
    made = make_open(by, capacity=1, **ONE_DAY)
    first, second = seat(made), make.make_person("学员乙", village=make.make_village())
    waiting = take_place(training_class=made, person=second, by=by["town"])
    office = as_("office")
    assert url("change_capacity", made.uid) in office.get(url("class", made.uid)).content.decode()

    empty = office.post(url("change_capacity", made.uid), {"capacity": "2"})
    office.post(url("change_capacity", made.uid), {"capacity": "2", "reason": "换了大教室"})

    assert empty.context["capacity_form"].errors.keys() == {"reason"}
    made.refresh_from_db()
    waiting.refresh_from_db()
    assert (made.capacity, waiting.state, first.withdrawn_at) == (2, "placed", None)
    assert as_("body").post(url("change_capacity", made.uid), {"capacity": "3"}).status_code == 404


def test_body_names_the_login_of_the_teacher(as_, by, open_class):
    teacher = make.make_user("示例讲师")
    appoint(user=teacher, role="instructor", region=open_class.county, since=date(2020, 1, 1))
    body = as_("body")

    body.post(url("name_teacher", open_class.uid), {"account": teacher.pk})

    open_class.refresh_from_db()
    assert open_class.lead_account == teacher
    assert "示例讲师" in body.get(url("class", open_class.uid)).content.decode()


def test_login_of_a_site_s_tutor_is_one_that_teaches_there(as_, by, sitting):
    teacher, stranger = make.make_user("示例讲师"), make.make_user("外人")
    appoint(user=teacher, role="coach", region=sitting.training_class.county, since=date(2020, 1, 1))
    asked = {"name": "桃花村听课点", "tutor_name": "辅导员甲"}
    body = as_("body")

    refused = body.post(url("add_site", sitting.uid), asked | {"tutor": stranger.pk})
    body.post(url("add_site", sitting.uid), asked | {"tutor": teacher.pk})

    assert refused.context["site_form"].errors.keys() == {"tutor"}
    assert sitting.sites.get(name="桃花村听课点").tutor == teacher
