"""The pages of coaches, hosts and fellow trainees about a recorded rehearsal."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from livestream.models import LiveSession, Rendition, Review, ReviewRequest, TimelineComment
from livestream.services.reviews import take_rehearsal
from tests.factories import courses as make
from tests.factories.reviews import (
    LEVELS,
    ask,
    give,
    make_coach,
    make_rehearsal,
    mark_segments,
    remark,
    voice_note,
)
from tests.livestream.review_pages import address, sent

pytestmark = pytest.mark.django_db
RUBRIC = {f"level-{key}": str(level) for key, level in LEVELS.items()}


@pytest.fixture
def session(host):
    session = make_rehearsal(host.person, parts=((0, 60), (100, 80)))
    mark_segments(session, [0, 30])
    Rendition.objects.create(session=session, kind=Rendition.Kind.FILE, path="vod/1/a.mp4", bytes=2_400_000)
    return session


@pytest.fixture
def coach():
    return make_coach()


@pytest.fixture
def as_coach(client, coach):
    client.force_login(coach)
    return client


@pytest.fixture
def as_host(client, host):
    client.force_login(host)
    return client


def test_her_list_says_how_far_each_review_is(as_host, coach, host, session):
    ask(session)
    make_rehearsal(host.person)
    listed = as_host.get("/rehearse/").content.decode()
    assert listed.count("等教练点评") == 1
    assert listed.count("/ask/") == 1

    remark(session, coach)
    give(session, coach)

    listed = as_host.get("/rehearse/").content.decode()
    assert "已点评" in listed
    assert "还有 1 条没改" in listed
    assert "看教练怎么说" in listed


def test_queue_names_the_host_first(as_coach, session):
    ask(session)

    page = as_coach.get("/rehearse/reviews/").content.decode()

    assert f'<h3 class="card__name">{session.person}</h3>' in page
    assert "3:00" in page


def test_queue_is_for_coaches(client, session):
    for user, status in ((make.make_user(), 404), (make_coach(), 200)):
        client.force_login(user)
        assert client.get("/rehearse/reviews/").status_code == status


def test_queue_asks_a_fixed_number_of_queries(as_coach, coach, host, django_assert_num_queries):
    counts = []
    for _round in range(3):
        ask(make_rehearsal(host.person))
        begun = make_rehearsal(host.person)
        ask(begun)
        take_rehearsal(session=begun, marker=coach)
        make_rehearsal(host.person, state=LiveSession.State.LIVE)
        with django_assert_num_queries(30, exact=False) as queries:
            as_coach.get("/rehearse/reviews/")
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_given_reviews_ask_a_fixed_number_of_queries(as_coach, coach, host, django_assert_num_queries):
    counts = []
    for _round in range(3):
        session = make_rehearsal(host.person)
        ask(session)
        give(session, coach)
        with django_assert_num_queries(20, exact=False) as queries:
            page = as_coach.get("/rehearse/reviews/?show=given")
        counts.append(len(queries))
        assert "75" in page.content.decode()

    assert counts[0] == counts[2]


def test_coach_takes_remarks_keeps_and_gives(as_coach, coach, session):
    ask(session)
    page = address("review", session)
    assert as_coach.post(address("review_take", session)).url == page

    as_coach.post(address("remark_add", session), sent(minutes=1, seconds=30))
    as_coach.post(page, {"decision": "keep", "level-voice": "2", "comment": "再来"})
    draft = Review.objects.get()
    assert (draft.levels, draft.state) == ({"voice": 2}, "draft")
    shown = as_coach.get(page).content.decode()
    assert "说慢一点" in shown
    assert 'value="2" required checked' in shown

    refused = as_coach.post(page, {"decision": "give", "level-voice": "2"})
    assert refused.status_code == 200
    assert Review.objects.get().state == "draft"
    assert as_coach.post(page, RUBRIC | {"decision": "give", "comment": "好"}).url == "/rehearse/reviews/"

    kept = TimelineComment.objects.get()
    assert Review.objects.get().mark == 75
    assert kept.wall_time == session.started_at + timedelta(
        seconds=130
    )  # thirty seconds into the second part
    assert (kept.state, kept.line_key) == ("shown", "voice")


def test_rubric_without_a_draft_is_refused(as_coach, session):
    ask(session)

    answer = as_coach.post(address("review", session), RUBRIC | {"decision": "give"})

    assert answer.url == address("review", session)
    assert not Review.objects.exists()


def test_put_back_leads_to_the_queue(as_coach, coach, session):
    ask(session)
    as_coach.post(address("review_take", session))

    assert as_coach.post(address("review_back", session)).url == "/rehearse/reviews/"
    assert Review.objects.get().state == "released"


def test_taking_what_nobody_asked_for_is_answered(as_coach, session):
    answer = as_coach.post(address("review_take", session), follow=True)

    assert "还没有请人点评" in answer.content.decode()


@pytest.mark.parametrize("name", ["review", "review_live", "review_clock", "beside"])
def test_foreign_rehearsal_and_none_look_the_same(client, session, name):
    client.force_login(make_coach("522601"))

    there = client.get(address(name, session)).status_code
    session.uid = uuid.uuid4()

    assert there == client.get(address(name, session)).status_code == 404


def test_script_that_remarks_gets_json(as_coach, session):
    wants = {"HTTP_ACCEPT": "application/json"}

    kept = as_coach.post(address("remark_add", session), sent(), **wants)
    refused = as_coach.post(address("remark_add", session), sent(text=" "), **wants)

    assert (kept.status_code, refused.status_code) == (200, 422)
    assert kept.json()["uid"] == str(TimelineComment.objects.get().uid)
    assert "录一段语音" in refused.json()["error"]


def test_live_remark_bears_the_moment_of_the_press(as_coach, host):
    began = timezone.now() - timedelta(minutes=10)
    session = make_rehearsal(host.person, state=LiveSession.State.LIVE, begun=began)
    pressed = began + timedelta(minutes=5)

    as_coach.post(address("remark_add", session), sent(pressed=pressed.isoformat().replace("+00:00", "Z")))
    as_coach.post(address("remark_add", session), sent(pressed="2001-01-01T00:00:00Z"))
    as_coach.post(address("remark_add", session), sent())

    first, *others = TimelineComment.objects.order_by("pk")
    assert first.wall_time == pressed - timedelta(seconds=3)
    assert all(timezone.now() - each.wall_time < timedelta(seconds=30) for each in others)


def test_live_page_and_its_clock(as_coach, host):
    session = make_rehearsal(host.person, state=LiveSession.State.LIVE)

    assert as_coach.get(address("review", session)).url == address("review_live", session)
    assert "live.js" in as_coach.get(address("review_live", session)).content.decode()
    told = as_coach.get(address("review_clock", session)).json()
    assert datetime.fromisoformat(told["started"]) == session.started_at
    assert told["is_over"] is False


def test_finished_rehearsal_leads_from_the_live_page_to_the_review(as_coach, session):
    assert as_coach.get(address("review_live", session)).url == address("review", session)


def test_voice_note_is_heard_by_whom_it_is_for(client, coach, host, session):
    client.force_login(coach)
    ask(session)
    client.post(address("review_take", session))
    note = SimpleUploadedFile("note.webm", voice_note().read(), "audio/webm")
    client.post(address("remark_add", session), sent(text="", voice=note))
    kept = TimelineComment.objects.get()
    second = make_coach(name="教练乙")

    def statuses():
        found = []
        for user in (coach, host, second, make.make_user()):
            client.force_login(user)
            response = client.get(address("remark_voice", kept), HTTP_RANGE="bytes=0-9")
            found.append(response.status_code)
            response.getvalue()
        return found

    assert statuses() == [206, 404, 404, 404]
    give(session, coach)
    assert statuses() == [206, 206, 404, 404]
    ReviewRequest.objects.update(wanted=2, closed_at=None)
    give(session, second)
    assert statuses() == [206, 206, 206, 404]


def test_host_asks_after_looking_back(as_host, session):
    page = address("ask", session)
    assert as_host.post(page, {"went_well": "", "was_hard": "x"}).status_code == 200

    answer = as_host.post(page, {"went_well": "砸核桃", "was_hard": "量尺寸", "is_test": "on"})

    assert answer.url == address("result", session)
    wish = ReviewRequest.objects.get()
    assert (wish.went_well, wish.wanted, wish.is_for_peers) == ("砸核桃", 2, False)
    assert as_host.get(page).url == address("result", session)


def test_host_sees_remarks_from_two_seconds_before_and_settles_them(as_host, session, coach):
    ask(session)
    kept = remark(session, coach, after=130)
    give(session, coach, comment="边量边说")
    page = as_host.get(address("result", session)).content.decode()

    assert 'data-seek="88.0"' in page or 'data-seek="88"' in page
    assert "边量边说" in page
    as_host.post(address("remark_settle", kept), {"settled": "1"})
    as_host.post(address("remark_answer", kept), {"client_token": str(uuid.uuid4()), "text": "知道了"})

    kept.refresh_from_db()
    assert kept.resolved_at is not None
    assert kept.answers.get().text == "知道了"
    as_host.post(address("remark_settle", kept), {"settled": "0"})
    kept.refresh_from_db()
    assert kept.resolved_at is None


def test_another_trainee_and_a_draft_look_the_same_as_nothing(client, host, other_host, session, coach):
    ask(session)
    kept = remark(session, coach)
    names = ["remark_settle", "remark_answer", "remark_take_back"]
    for user in (host, other_host):
        client.force_login(user)
        assert [client.post(address(name, kept)).status_code for name in names] == [404] * 3
    assert client.get(address("result", session)).status_code == 404
    assert client.get(address("ask", session)).status_code == 404


def test_host_takes_nobodys_remark_back(as_host, session, coach):
    ask(session)
    kept = remark(session, coach)
    give(session, coach)

    assert as_host.post(address("remark_take_back", kept)).status_code == 404


def test_author_takes_her_remark_back(as_coach, session, coach):
    kept = remark(session, coach)

    assert as_coach.post(address("remark_take_back", kept)).url == f"{address('review', session)}#remarks"
    assert address("remark_voice", kept) not in as_coach.get(address("review", session)).content.decode()


def test_result_asks_a_fixed_number_of_queries(as_host, session, coach, django_assert_num_queries):
    ask(session)
    counts = []
    give(session, coach)
    for number in range(3):
        remark(session, coach, after=number)
        with django_assert_num_queries(40, exact=False) as queries:
            as_host.get(address("result", session))
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_second_attempt_shows_the_old_remark_beside_the_new_clip(as_host, host, session, coach):
    ask(session)
    remark(session, coach, after=35, text="边量边说")
    give(session, coach)
    second = make_rehearsal(host.person, session.run, begun=session.ended_at + timedelta(days=1))
    mark_segments(second, [0, 20, 40])

    page = as_host.get(address("beside", second))

    pairs = page.context["pairs"]
    assert [pair.old_remarks[0].remark.text for pair in pairs if pair.old_remarks] == ["边量边说"]
    assert [(pair.before is None, pair.now is None) for pair in pairs] == [(False, False)] * 2 + [
        (True, False)
    ]
    assert "边量边说" in page.content.decode()


def test_first_attempt_stands_beside_nothing(as_host, session):
    assert as_host.get(address("beside", session)).status_code == 404
