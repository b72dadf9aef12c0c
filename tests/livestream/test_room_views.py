import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from livestream.models import LiveSession, RoomMark
from livestream.services import decide_rehearsal_consent, start_rehearsal
from registry.models import AuditEntry
from registry.queries.consent import open_consents

pytestmark = pytest.mark.django_db
LIST, CONSENT = "/rehearse/", "/rehearse/consent/"


@pytest.fixture
def session(host, run):
    return start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4(), user=host)


@pytest.fixture
def signed_in(client, host):
    client.force_login(host)
    return client


@pytest.fixture
def agreed(host):
    decide_rehearsal_consent(
        person=host.person, item="record_rehearsal", agrees=True, by=host, language="zh-hans"
    )


def address(name, session):
    return reverse(f"livestream:{name}", args=[session.uid])


def script_of(answer):
    page = answer.content.decode()
    start = page.index('<script id="room-data" type="application/json">')
    return json.loads(page[page.index(">", start) + 1 : page.index("</script>", start)])


def test_rehearsing_begins_from_the_sheet_and_the_same_click_twice_opens_one_room(signed_in, run):
    token = str(uuid.uuid4())

    answers = [signed_in.post(f"/rehearse/runs/{run.uid}/start/", {"client_token": token}) for _ in "ab"]

    assert answers[0].url == answers[1].url == address("room", LiveSession.objects.get())


def test_click_without_its_token_is_answered(signed_in, run):
    answer = signed_in.post(f"/rehearse/runs/{run.uid}/start/", follow=True)

    assert "请再试一次" in answer.content.decode()
    assert not LiveSession.objects.exists()


def test_sheet_leads_to_the_camera(signed_in, run):
    page = signed_in.get(f"/rehearse/runs/{run.uid}/").content.decode()

    assert f'action="/rehearse/runs/{run.uid}/start/"' in page


def test_who_has_not_agreed_is_asked_before_the_room_opens(signed_in, session):
    answer = signed_in.get(address("room", session))

    assert answer.url == f"{CONSENT}?room={session.uid}"
    assert "录下我的画面和声音" in signed_in.get(answer.url).content.decode()


def test_a_yes_opens_the_room_and_is_logged(signed_in, session, host):
    answer = signed_in.post(f"{CONSENT}?room={session.uid}", {"item": "record_rehearsal", "agree": "1"})

    assert answer.url == address("room", session)
    assert set(open_consents(host.person)) == {"record_rehearsal"}
    assert AuditEntry.objects.filter(action="consent_given", person=host.person).exists()
    assert signed_in.get(answer.url).status_code == 200


def test_a_yes_is_taken_back_with_one_press(signed_in, host, agreed):
    answer = signed_in.post(CONSENT, {"item": "record_rehearsal", "agree": "0"})

    assert answer.url == CONSENT
    assert open_consents(host.person) == {}


@pytest.mark.parametrize("sent", [{}, {"item": "success_story", "agree": "1"}, {"item": "peers_watch"}])
def test_nonsense_is_no_consent(signed_in, host, sent):
    answer = signed_in.post(CONSENT, sent, follow=True)

    assert "请再试一次" in answer.content.decode()
    assert open_consents(host.person) == {}


def test_helped_session_decides_only_on_the_recording(signed_in, host, session):
    opened = signed_in.session
    opened["station"] = {"device": None, "seen": timezone.now().timestamp(), "helper": "站长"}
    opened.save()

    page = signed_in.get(f"{CONSENT}?room={session.uid}").content.decode()
    alone = signed_in.get(CONSENT).content.decode()
    signed_in.post(CONSENT, {"item": "peers_watch", "agree": "1"})
    signed_in.post(CONSENT, {"item": "record_rehearsal", "agree": "1"})

    for shown in (page, alone):
        assert 'value="record_rehearsal"' in shown
        assert 'value="peers_watch"' not in shown
    assert set(open_consents(host.person)) == {"record_rehearsal"}


def test_room_of_a_stations_phone_may_be_out_of_the_network_for_an_hour(signed_in, session, agreed, settings):
    opened = signed_in.session
    opened["station"] = {"device": None, "seen": timezone.now().timestamp(), "helper": ""}
    opened.save()

    answer = signed_in.get(address("room", session))
    rests_from = signed_in.session["station"]["seen"]
    after = signed_in.get(LIST)

    assert answer["Refresh"].startswith("3605;")
    assert rests_from - timezone.now().timestamp() == pytest.approx(
        3600 - settings.STATION_IDLE_SECONDS, abs=60
    )
    assert after["Refresh"].startswith(f"{settings.STATION_IDLE_SECONDS + 5};")
    assert signed_in.session["station"]["seen"] <= timezone.now().timestamp()


def test_room_alone_may_use_the_camera(signed_in, session, agreed):
    room, sheet = signed_in.get(address("room", session)), signed_in.get(LIST)

    assert "camera=(self)" in room["Permissions-Policy"]
    assert "microphone=(self)" in room["Permissions-Policy"]
    assert "camera=()" in sheet["Permissions-Policy"]
    assert "no-store" in room["Cache-Control"]
    assert "unsafe-inline" not in room["Content-Security-Policy"]


def test_script_is_told_what_it_needs_and_not_who_she_is(signed_in, session, agreed, host):
    told = script_of(signed_in.get(address("room", session)))

    assert told["urls"]["chunk"] == f"/rehearse/room/{session.uid}/parts/0/chunks/0/"
    assert (told["nextPart"], told["isOver"]) == (0, False)
    assert len(told["segments"]) == 6
    assert len(told["audience"]) >= 8
    assert told["texts"]["state-sent"] == "全部传完了"
    assert len(told["store"]) == 24
    assert host.person.name not in json.dumps(told, ensure_ascii=False)


def test_two_logins_have_two_stores(client, host, other_host, run, agreed, session):
    client.force_login(host)
    mine = script_of(client.get(address("room", session)))["store"]
    LiveSession.objects.update(person=other_host.person)
    decide_rehearsal_consent(
        person=other_host.person, item="record_rehearsal", agrees=True, by=other_host, language="zh-hans"
    )
    client.force_login(other_host)

    assert script_of(client.get(address("room", session)))["store"] != mine


def test_room_of_an_ended_rehearsal_still_sends_what_is_left(signed_in, session):
    LiveSession.objects.update(state="ended", ended_at=timezone.now(), end_reason="grace")

    assert script_of(signed_in.get(address("room", session)))["isOver"] is True


@pytest.mark.parametrize("name", ["room", "room_speed", "room_marks", "room_file"])
def test_foreign_room_and_no_room_look_the_same(client, other_host, session, name):
    client.force_login(other_host)
    ask = client.get if name == "room" else client.post

    there = ask(address(name, session))
    session.uid = uuid.uuid4()

    assert there.status_code == ask(address(name, session)).status_code == 404


def test_probe_of_the_network_is_counted_and_thrown_away(signed_in, session):
    def probe(size):
        return signed_in.post(
            address("room_speed", session), bytes(size), content_type="application/octet-stream"
        )

    assert probe(200_000).json() == {"bytes": 200_000}
    assert probe(2_000_000).status_code == 413


def send_marks(client, session, marks):
    return client.post(address("room_marks", session), json.dumps(marks), content_type="application/json")


def test_marks_are_kept_once(signed_in, session):
    at = timezone.now().isoformat()
    sent = {"marks": [{"kind": "asked", "key": "1-how_much", "at": at}]}

    answers = [send_marks(signed_in, session, sent) for _ in "ab"]

    assert [answer.json() for answer in answers] == [{"stored": True}] * 2
    assert RoomMark.objects.get().key == "1-how_much"


def test_mark_of_the_future_is_of_now(signed_in, session):
    at = (timezone.now() + timedelta(days=3)).isoformat()

    send_marks(signed_in, session, {"marks": [{"kind": "segment", "key": "a", "at": at}]})

    assert RoomMark.objects.get().at <= timezone.now()


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {"marks": 5},
        {"marks": [5]},
        {"marks": [{"kind": "tea", "key": "a", "at": "2026-06-01T08:00:00Z"}]},
        {"marks": [{"kind": "asked", "key": "a b", "at": "2026-06-01T08:00:00Z"}]},
        {"marks": [{"kind": "asked", "key": "a", "at": "2026-06-01T08:00:00"}]},
        {"marks": [{"kind": "asked", "key": "a", "at": 7}]},
        {"marks": [{"kind": "asked", "key": "a", "at": "2026-13-41T08:00:00Z"}]},
        {"marks": [{}] * 501},
    ],
)
def test_nonsense_is_no_mark(signed_in, session, sent):
    assert send_marks(signed_in, session, sent).status_code == 400
    assert not RoomMark.objects.exists()


def test_no_marks_are_kept_too(signed_in, session):
    assert signed_in.post(address("room_marks", session)).json() == {"stored": True}


def test_body_that_is_no_json_is_answered(signed_in, session):
    answer = signed_in.post(address("room_marks", session), b"\xff{", content_type="application/json")

    assert answer.status_code == 400


def test_file_without_javascript_is_taken_whole(signed_in, session, agreed, private_files):
    film = SimpleUploadedFile("film.mp4", b"film", content_type="video/mp4")

    answer = signed_in.post(address("room_file", session), {"file": film})

    assert answer.url == LIST
    session.refresh_from_db()
    assert session.is_over
    assert session.parts.get().mime == "video/mp4"


def test_file_of_somebody_who_did_not_agree_is_not_taken(signed_in, session, private_files):
    film = SimpleUploadedFile("film.mp4", b"film", content_type="video/mp4")

    answer = signed_in.post(address("room_file", session), {"file": film})

    assert answer.url == f"{CONSENT}?room={session.uid}"
    assert not session.parts.exists()


@pytest.mark.parametrize("sent", [{}, {"file": SimpleUploadedFile("film.mp4", b"")}])
def test_no_file_and_an_empty_one_are_answered(signed_in, session, agreed, sent):
    answer = signed_in.post(address("room_file", session), sent, follow=True)

    assert answer.redirect_chain[0][0] == address("room", session)
    assert 'class="notice notice--error"' in answer.content.decode()


def test_list_of_nobody_leads_to_the_first_sheet(signed_in):
    page = signed_in.get(LIST).content.decode()

    assert "/rehearse/runs/" in page
    assert "还没有排练" in page


def test_login_without_a_person_says_who_she_is_first(client, db):
    from tests.factories.courses import make_user

    client.force_login(make_user())

    for path in (LIST, CONSENT):
        assert client.get(path).url == f"/people/register/?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ({"state": "ready"}, "去开摄像头"),
        ({"state": "live", "started_at": timezone.now()}, "接着排练"),
        ({"state": "ended", "ended_at": timezone.now(), "end_reason": "host"}, "把手机上剩下的传完"),
        ({"state": "published", "ended_at": timezone.now(), "end_reason": "host"}, "看录像"),
    ],
)
def test_each_state_has_its_way_on(signed_in, session, state, shown):
    LiveSession.objects.update(**state)

    assert shown in signed_in.get(LIST).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(signed_in, host, run, django_assert_num_queries, count):
    for _ in range(count):
        start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4())
    signed_in.get(LIST)

    with django_assert_num_queries(5):
        signed_in.get(LIST)
