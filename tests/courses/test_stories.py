"""A trainee's story: only with her consent, about what was verified, and gone the moment she says so."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from courses.demo import load_stories
from courses.errors import NothingVerified, StoryNotAllowed, StoryTellsStatus
from courses.models import Outcome, OutcomeDecision, Story
from courses.queries.held import stories_about
from courses.queries.stories import stories_shown, told
from courses.services.follow_up import Claim, claim_outcome, decide_outcome, link_shop
from courses.services.stories import publish_story, take_off_stories
from registry.models import AuditAction, AuditEntry, Consent
from registry.queries.consent import current_consent_text
from registry.services import give_consent, merge_people, withdraw_consent
from registry.signals import person_erased
from tests.factories import courses as make
from tests.factories.follow_up import completed_person, make_coach
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
NOW = make.at("2026-09-01")
WORDS = {
    "public_name": "核桃大姐",
    "title": "头一单卖到了长沙",
    "text": "学完第二周，我把自家核桃摆上了镜头。",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def trainee(county):
    return completed_person("学员甲")


@pytest.fixture
def coach(county):
    return make_coach(county)


def agree(person, by, *, on=TODAY):
    give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=[Consent.Item.SUCCESS_STORY],
        channel=Consent.Channel.PAPER,
        recorded_by=by,
        given_on=on,
    )


def withdraw(person, by):
    withdraw_consent(
        person=person,
        items=[Consent.Item.SUCCESS_STORY],
        channel=Consent.Channel.PAPER,
        recorded_by=by,
        withdrawn_on=TODAY,
    )


def achieve(person, coach, by, verdict=OutcomeDecision.Verdict.VERIFIED):
    claim = Claim(Outcome.Kind.FIRST_SHOP, TODAY - timedelta(days=20))
    outcome = claim_outcome(person=person, claim=claim, by=coach, client_token=uuid.uuid4())
    way = OutcomeDecision.Way.VISIT
    decide_outcome(outcome=outcome, verdict=verdict, way=way, reason="去看过店铺", by=by)


@pytest.fixture
def publish(trainee, coach, office_user):
    """Return a call that publishes her story; she agrees and has a verified shop."""
    agree(trainee, office_user)
    achieve(trainee, coach, office_user)

    def call(**words):
        return publish_story(person=trainee, by=office_user, **WORDS | words)

    return call


def test_story_needs_her_consent(trainee, coach, office_user):
    achieve(trainee, coach, office_user)

    with pytest.raises(StoryNotAllowed):
        publish_story(person=trainee, by=office_user, **WORDS)


def test_story_needs_something_verified(trainee, coach, office_user):
    agree(trainee, office_user)
    achieve(trainee, coach, office_user, OutcomeDecision.Verdict.REFUSED)

    with pytest.raises(NothingVerified):
        publish_story(person=trainee, by=office_user, **WORDS)


@pytest.mark.parametrize("word", ["建档立卡", "贫困户", "脱贫户", "监测对象", "低保"])
def test_story_tells_no_status(publish, word):
    with pytest.raises(StoryTellsStatus):
        publish(text=f"她家是{word}，日子不容易。")


def test_story_is_public_under_the_name_she_chose(publish, client, trainee, coach):
    link_shop(person=trainee, channel="douyin", name="核桃小店", url="https://shop.example/1", by=coach)
    story = publish()

    listed = client.get("/stories/").content.decode()
    page = client.get(f"/stories/{story.uid}/")

    text = page.content.decode()
    assert "头一单卖到了长沙" in listed
    assert "核桃大姐" in text
    assert "https://shop.example/1" in text
    assert "学员甲" not in text + listed
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.filter(action=AuditAction.STORY_PUBLISHED).count() == 1


def test_withdrawn_consent_takes_it_off_at_once(publish, client, trainee, office_user):
    story = publish()

    withdraw(trainee, office_user)

    assert client.get(f"/stories/{story.uid}/").status_code == 404
    assert "头一单" not in client.get("/stories/").content.decode()
    story.refresh_from_db()
    assert story.taken_off_at == NOW


def test_consent_given_again_does_not_bring_it_back(publish, client, trainee, office_user):
    story = publish()
    withdraw(trainee, office_user)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        agree(trainee, office_user, on=TODAY + timedelta(days=2))

        assert client.get(f"/stories/{story.uid}/").status_code == 404


def test_story_goes_when_its_outcome_is_refused_after_all(publish, trainee, office_user):
    publish()
    decide_outcome(
        outcome=trainee.outcomes.get(),
        verdict=OutcomeDecision.Verdict.REFUSED,
        way=OutcomeDecision.Way.LINK,
        reason="店铺是别人的",
        by=office_user,
        now=NOW + timedelta(hours=1),
    )

    assert not stories_shown(TODAY).exists()


def test_new_telling_takes_the_place_of_the_old(publish):
    first = publish()

    second = publish(title="第二回")

    assert [story.pk for story in stories_shown(TODAY)] == [second.pk]
    first.refresh_from_db()
    assert first.taken_off_at == NOW


def test_merged_records_keep_one_story(publish, trainee, office_user):
    story = publish()
    other = make.make_person("学员甲", village=make.make_village())
    merge_people(kept=other, absorbed=trainee, by=office_user, reason="同一人")

    assert [one.pk for one in stories_shown(TODAY)] == [story.pk]
    assert told(stories_shown(TODAY).get()).outcomes


def test_database_keeps_one_story_at_a_time(publish):
    story = publish()

    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.create(person=story.person, published_by=story.published_by, published_at=NOW, **WORDS)


def test_erased_person_leaves_no_words(publish, trainee):
    story = publish()

    person_erased.send(sender=None, person=trainee)

    story.refresh_from_db()
    assert (story.public_name, story.title, story.text) == ("", "", "")
    assert not stories_shown(TODAY).exists()


def test_her_copy_holds_what_was_told(publish, trainee, office_user):
    publish()
    take_off_stories(person=trainee, by=office_user)

    rows = stories_about(trainee).rows
    assert rows == [[*WORDS.values(), "2026-09-01", "2026-09-01"]]


def test_office_publishes_and_takes_off_on_its_page(client, publish, trainee, office_user):
    client.force_login(office_user)
    path = f"/learn/follow-up/{trainee.uid}/story/"

    client.post(path, WORDS)
    assert stories_shown(TODAY).count() == 1
    client.post(f"{path}off/")

    assert not stories_shown(TODAY).exists()
    assert client.get(path).status_code == 200


def test_page_says_what_is_missing(client, trainee, office_user):
    client.force_login(office_user)

    page = client.get(f"/learn/follow-up/{trainee.uid}/story/")
    refused = client.post(f"/learn/follow-up/{trainee.uid}/story/", WORDS)

    assert page.context["agrees"] is False
    assert refused.context["form"].non_field_errors()
    assert not Story.objects.exists()


def test_coach_publishes_nothing(client, trainee, coach):
    client.force_login(coach)

    assert client.get(f"/learn/follow-up/{trainee.uid}/story/").status_code == 404


def test_list_of_stories_costs_the_same_for_one_and_three(
    client, publish, coach, office_user, django_assert_max_num_queries
):
    publish()
    client.get("/stories/")
    with django_assert_max_num_queries(8) as before:
        client.get("/stories/")
    for name in ("学员乙", "学员丙"):
        person = completed_person(name)
        agree(person, office_user)
        achieve(person, coach, office_user)
        publish_story(person=person, by=office_user, **WORDS)

    with django_assert_max_num_queries(8) as after:
        page = client.get("/stories/")

    assert len(page.context["page_obj"].object_list) == 3
    assert len(before) == len(after)


def test_demo_tells_one_story_however_often_it_is_loaded(county, office_user, client):
    UserFactory(username="coach")
    completed_person("学员丁", ended=TODAY - timedelta(days=60))

    assert [load_stories(), load_stories()] == [1, 0]
    assert client.get("/stories/").context["page_obj"].paginator.count == 1
