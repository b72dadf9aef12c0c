import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.errors import CoachFull, DateAhead, NotACoach, NotTrained, OwnClaim, TooManyShops
from courses.models import CoachAssignment, Outcome, OutcomeDecision, Visit
from courses.queries.follow_up import (
    coached_by,
    coaches_in,
    outcomes_of,
    outcomes_to_decide,
    shops_of,
    trained_people,
    verified_outcomes,
)
from courses.services import follow_up
from courses.services.follow_up import (
    Claim,
    Seen,
    assign_coach,
    claim_outcome,
    decide_outcome,
    end_coaching,
    link_shop,
    record_visit,
    unlink_shop,
)
from registry.models import Appointment, AuditAction, AuditEntry
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.follow_up import completed_person, make_coach

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
NOW = make.at("2026-09-01")
SEEN = Seen(date(2026, 8, 30), Visit.Way.VISIT, Visit.Help.SHOP, "卖了三箱，会打印面单。")


@pytest.fixture
def coach(county):
    return make_coach(county)


@pytest.fixture
def office(office_user):
    return office_user


@pytest.fixture
def trainee(county):
    return completed_person("学员甲")


def assign(person, coach, office, **options):
    return assign_coach(person=person, coach=coach, by=office, now=NOW, **options)


def test_coach_is_assigned_once_and_logged(trainee, coach, office):
    first = assign(trainee, coach, office)
    again = assign(trainee, coach, office)

    assert first == again
    assert AuditEntry.objects.filter(action=AuditAction.COACH_ASSIGNED, person_id=trainee.pk).count() == 1


def test_next_coach_takes_over_the_day_after_the_last(trainee, coach, office, county):
    first = assign(trainee, coach, office, since=date(2026, 8, 1))
    second = assign(trainee, make_coach(county, "coach-b"), office)

    first.refresh_from_db()
    assert (first.until, second.since) == (date(2026, 8, 31), TODAY)


def test_coach_of_another_county_is_refused(trainee, office, other_county):
    with pytest.raises(NotACoach):
        assign(trainee, make_coach(other_county), office)


def test_somebody_never_trained_has_no_coach(county, coach, office):
    with pytest.raises(NotTrained):
        assign(make.make_person("学员乙", village=make.make_village()), coach, office)


def test_coach_takes_no_more_than_she_can_visit(county, coach, office, monkeypatch):
    monkeypatch.setattr(follow_up, "MOST_TRAINEES", 1)
    assign(completed_person("学员甲"), coach, office)

    with pytest.raises(CoachFull):
        assign(completed_person("学员乙"), coach, office)


def test_ended_coaching_keeps_its_visits(trainee, coach, office):
    assignment = assign(trainee, coach, office)
    record_visit(assignment=assignment, seen=SEEN, by=coach, client_token=uuid.uuid4(), now=NOW)

    end_coaching(assignment=assignment, by=office, now=NOW)
    end_coaching(assignment=assignment, by=office, now=NOW + timedelta(days=3))

    assignment.refresh_from_db()
    assert (assignment.until, assignment.visits.count()) == (TODAY, 1)


def test_database_keeps_one_coach_at_a_time(trainee, coach, office):
    assign(trainee, coach, office)

    with pytest.raises(IntegrityError), transaction.atomic():
        CoachAssignment.objects.create(
            coach=office, person=trainee, since=TODAY, assigned_by=office, assigned_at=NOW
        )


def test_visit_sent_twice_is_one(trainee, coach, office):
    assignment, token = assign(trainee, coach, office), uuid.uuid4()

    first = record_visit(assignment=assignment, seen=SEEN, by=coach, client_token=token, now=NOW)
    again = record_visit(assignment=assignment, seen=SEEN, by=coach, client_token=token, now=NOW)

    assert first == again


def test_visit_of_tomorrow_is_refused(trainee, coach, office):
    ahead = Seen(TODAY + timedelta(days=1), Visit.Way.PHONE, Visit.Help.NONE, "还没去")

    with pytest.raises(DateAhead):
        record_visit(
            assignment=assign(trainee, coach, office),
            seen=ahead,
            by=coach,
            client_token=uuid.uuid4(),
            now=NOW,
        )


def test_due_visits_come_first(county, coach, office):
    for name, next_on in (("学员甲", None), ("学员乙", date(2026, 9, 9)), ("学员丙", date(2026, 9, 3))):
        assignment = assign(completed_person(name), coach, office)
        seen = Seen(date(2026, 8, 30), Visit.Way.PHONE, Visit.Help.NONE, "问候", next_on=next_on)
        record_visit(assignment=assignment, seen=seen, by=coach, client_token=uuid.uuid4(), now=NOW)

    assert [each.person.name for each in coached_by(coach)] == ["学员丙", "学员乙", "学员甲"]


def shop(trainee, office, url="https://shop.example/1", **options):
    return link_shop(
        person=trainee, channel="douyin", name="示例果园", url=url, by=office, now=NOW, **options
    )


def test_same_shop_is_linked_once_until_it_is_taken_off(trainee, office):
    first = shop(trainee, office)
    assert shop(trainee, office) == first

    unlink_shop(shop=first, now=NOW)

    assert list(shops_of(trainee)) == []
    assert shop(trainee, office) != first


def test_shops_are_a_handful(trainee, office, monkeypatch):
    monkeypatch.setattr(follow_up, "MOST_SHOPS", 1)
    shop(trainee, office)

    with pytest.raises(TooManyShops):
        shop(trainee, office, "https://shop.example/2")


def claimed(trainee, by, **claim):
    values = {"kind": Outcome.Kind.FIRST_SHOP, "happened_on": date(2026, 7, 1), **claim}
    return claim_outcome(person=trainee, claim=Claim(**values), by=by, client_token=uuid.uuid4(), now=NOW)


def decide(outcome, by, verdict="verified", **options):
    return decide_outcome(
        outcome=outcome, verdict=verdict, way="phone", reason="店铺能打开", by=by, now=NOW, **options
    )


def test_claim_waits_until_somebody_else_verified_it(trainee, coach, office):
    outcome = claimed(trainee, coach)
    assert list(outcomes_to_decide(["431125"], TODAY)) == [outcome]
    assert not verified_outcomes().exists()

    decide(outcome, office)

    assert list(outcomes_to_decide(["431125"], TODAY)) == []
    assert list(verified_outcomes()) == [outcome]


def test_nobody_verifies_what_she_claimed(trainee, office):
    with pytest.raises(OwnClaim):
        decide(claimed(trainee, office), office)


def test_database_refuses_to_verify_ones_own_claim(trainee, office):
    outcome = claimed(trainee, office)

    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeDecision.objects.create(
            outcome=outcome,
            verdict="verified",
            way="phone",
            reason="x",
            decided_at=NOW,
            decided_by=office,
            claimed_by=office,
        )


def test_newest_decision_holds_and_the_same_again_is_one(trainee, coach, office):
    outcome = claimed(trainee, coach)
    decide(outcome, office)
    assert decide(outcome, office) == outcome.decisions.get()

    later = NOW + timedelta(days=1)
    decide_outcome(outcome=outcome, verdict="refused", way="visit", reason="店已关", by=office, now=later)

    assert outcomes_of(trainee).get().verdict == "refused"
    assert outcome.decisions.count() == 2
    assert not verified_outcomes().exists()


def test_people_of_the_county_are_listed_with_what_they_need(trainee, coach, office, other_county):
    assign(trainee, coach, office)
    decide(claimed(trainee, coach), office)

    listed = trained_people(["431125"], TODAY).get()

    assert (listed.coach, listed.claims, listed.verified) == (str(coach), 1, 1)
    assert not trained_people(["431129"], TODAY).exists()


def test_coaches_are_those_of_the_region(coach, county, other_county):
    appoint(user=coach, role=Appointment.Role.INSTRUCTOR, region=county, since=date(2020, 1, 1))
    make_coach(other_county, "coach-b")

    assert coaches_in(["431125"], TODAY) == [coach]
