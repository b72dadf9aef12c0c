"""Watching by WebRTC without its server: who is let in, stays, is cut off. With it: test_janus_server.py."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from livestream.engines import engine_named
from livestream.engines.janus_api import JanusApi
from livestream.engines.sdp import ice_server_links
from livestream.models import LiveSession
from livestream.services import decide_rehearsal_consent, end_session
from livestream.services.direct_viewers import MOST_VIEWERS, cut_off_viewers
from registry.services.appointments import end_appointment
from tests.factories import courses as make
from tests.factories.livestream import make_class_session, make_session

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"


@pytest.fixture
def session(host, agreed, private_files) -> LiveSession:
    place = host.person.village.versions.get()
    return make_session(host.person, "live", engine="janus", place=place)


@pytest.fixture
def coach(db):
    return make.make_instructor()


@pytest.fixture
def signed_in(client, coach):
    client.force_login(coach)
    return client


class Janus:
    """A Janus with one sender, as far as its client's answers show; `asked` is what it was told to do."""

    def __init__(self, session: LiveSession) -> None:
        self.asked: list[str] = []
        self.viewers: list[int] = []
        self.sender = {"session_id": 7, "handle_id": 9, "plugin_specific": _about("publisher", session)}
        self.session = session

    def handles(self, _api) -> list[dict]:
        watching = [
            {"session_id": number, "handle_id": 9, "plugin_specific": _about("subscriber", self.session)}
            for number in self.viewers
        ]
        return [*([self.sender] if self.sender else []), *watching]

    def attach(self, _api) -> tuple[int, int]:
        self.viewers.append(100 + len(self.viewers))
        return self.viewers[-1], 9

    def destroy(self, _api, number: int) -> bool:
        self.asked.append(f"destroy {number}")
        if number in self.viewers:
            self.viewers.remove(number)
        return True

    def negotiate(self, _api, _number, _handle, sdp, kind, **body) -> dict:
        self.asked.append(f"{body['request']} {kind}".strip())
        return {"jsep": {"sdp": "v=0 offer"}}

    def trickle(self, _api, _number, _handle, candidates) -> None:
        self.asked.append(f"trickle {len(candidates)}")


def _about(kind: str, session: LiveSession) -> dict:
    return {"type": kind, "room": session.uid.hex}


@pytest.fixture
def janus(session, monkeypatch) -> Janus:
    server = Janus(session)
    for name in ("handles", "attach", "destroy", "negotiate", "trickle"):
        method = getattr(server, name)
        monkeypatch.setattr(
            JanusApi, name, lambda api, *args, _method=method, **more: _method(api, *args, **more)
        )
    return server


def watch(client, session: LiveSession):
    return client.post(reverse("livestream:whep", args=[session.uid]))


def test_a_coach_gets_the_offer_answers_it_and_leaves(signed_in, session, janus):
    opened = watch(signed_in, session)

    assert (opened.status_code, opened.content, opened["Content-Type"]) == (201, b"v=0 offer", SDP)
    assert opened["Location"] == f"/rehearse/whep/{session.uid}/100-9/"
    assert "no-store" in opened["Cache-Control"]
    place = opened["Location"]
    assert signed_in.patch(place, "v=0 answer", content_type=SDP).status_code == 204
    candidate = "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n"
    assert signed_in.patch(place, candidate, content_type=FRAGMENT).status_code == 204
    assert signed_in.post(place).status_code == 204
    assert signed_in.delete(place).status_code == 200
    assert janus.asked == ["join", "start answer", "trickle 1", "destroy 100"]
    assert signed_in.post(place).status_code == 404


def test_what_is_neither_answer_nor_candidate_is_refused(signed_in, session, janus):
    place = watch(signed_in, session)["Location"]

    assert signed_in.patch(place, "v=0", content_type="text/plain").status_code == 415
    assert signed_in.patch(place, "hello", content_type=SDP).status_code == 415
    assert signed_in.patch(place, "a=ice-ufrag:x\r\n", content_type=FRAGMENT).status_code == 422
    assert signed_in.patch(place, "v=0" + "x" * 70_000, content_type=SDP).status_code == 413
    assert janus.asked == ["join"]


def test_whoever_may_not_watch_learns_nothing(client, session, janus, other_host, other_county):
    for user in (other_host, make.make_instructor("431129")):
        client.force_login(user)
        assert watch(client, session).status_code == 404
    client.logout()
    assert watch(client, session).status_code == 302
    assert janus.asked == []


def test_a_class_is_not_watched_so(signed_in, session, janus):
    lesson = make_class_session("live", engine="janus", place=session.place)

    assert watch(signed_in, lesson).status_code == 404


def test_a_site_without_janus_has_no_such_address(signed_in, session, settings):
    settings.LIVE_ENGINES = {"chunks": settings.LIVE_ENGINES["chunks"]}
    engine_named.cache_clear()

    assert watch(signed_in, session).status_code == 404
    page = signed_in.get(reverse("livestream:recording", args=[session.uid])).content.decode()
    assert "data-direct" not in page

    engine_named.cache_clear()


def test_a_janus_that_is_away_is_told(signed_in, session, monkeypatch):
    def away(self):
        raise ConnectionError

    monkeypatch.setattr(JanusApi, "handles", away)

    assert watch(signed_in, session).status_code == 503


def test_while_nobody_sends_nothing_stays_open(signed_in, session, janus):
    janus.sender = None

    assert watch(signed_in, session).status_code == 409
    assert janus.asked == ["destroy 100"]


def test_there_is_room_for_so_many_and_no_more(signed_in, session, janus):
    for _ in range(MOST_VIEWERS):
        assert watch(signed_in, session).status_code == 201

    assert watch(signed_in, session).status_code == 409


def test_a_connection_is_of_one_login_at_one_browser(signed_in, session, janus, coach):
    place = watch(signed_in, session)["Location"]
    other_browser = Client()
    other_browser.force_login(coach)

    assert other_browser.post(place).status_code == 404
    assert other_browser.delete(place).status_code == 404
    assert other_browser.patch(place, "v=0", content_type=SDP).status_code == 404
    assert janus.asked == ["join"]


def test_the_token_against_forgery_is_asked_for(coach, session, janus):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(coach)

    assert watch(careful, session).status_code == 403
    assert janus.asked == []


def test_a_viewer_who_says_nothing_is_cut_off(signed_in, session, janus):
    watch(signed_in, session)
    engine = engine_named("janus")
    assert cut_off_viewers(engine=engine) == 0

    cache.clear()  # her leave has run out

    assert cut_off_viewers(engine=engine) == 1
    assert janus.viewers == []


@pytest.mark.parametrize("event", ["dismissed", "blocked", "withdrawn", "ended"])
def test_a_viewer_whose_right_ends_is_cut_off(signed_in, session, janus, coach, host, event):
    watch(signed_in, session)
    if event == "dismissed":
        end_appointment(appointment=coach.appointments.get(), on=timezone.localdate())
    elif event == "blocked":
        type(coach).objects.filter(pk=coach.pk).update(is_active=False)
    elif event == "withdrawn":
        decide_rehearsal_consent(
            person=host.person, item="record_rehearsal", agrees=False, by=host, language="zh-hans"
        )
    else:
        end_session(session=session)

    assert cut_off_viewers(engine=engine_named("janus")) == 1
    assert janus.asked[-1] == "destroy 100"


def test_the_page_offers_it_first_and_does_not_ask_for_the_delayed_picture(signed_in, session):
    page = signed_in.get(reverse("livestream:recording", args=[session.uid])).content.decode()

    assert f'data-direct="/rehearse/whep/{session.uid}/"' in page
    assert page.index('value="direct"') < page.index('value="240p"')
    assert cache.get(f"live-watched-{session.pk}") is None
    signed_in.get(reverse("livestream:recording_link", args=[session.uid]))
    assert cache.get(f"live-watched-{session.pk}") == 1


def test_what_comes_by_pieces_has_no_such_choice(signed_in, session):
    LiveSession.objects.filter(pk=session.pk).update(engine="chunks")

    page = signed_in.get(reverse("livestream:recording", args=[session.uid])).content.decode()

    assert "data-direct" not in page
    assert 'value="direct"' not in page


def test_servers_that_help_through_firewalls_are_told_as_links():
    turn = {"urls": ["turn:t.test:443?a=tcp", "turn:t.test"], "username": "u", "credential": "c"}

    sign_in = 'rel="ice-server"; username="u"; credential="c"; credential-type="password"'
    assert ice_server_links([{"urls": "stun:s.test"}, turn]) == (
        f'<stun:s.test>; rel="ice-server", <turn:t.test:443?a=tcp>; {sign_in}, <turn:t.test>; {sign_in}'
    )
