import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import IncomeDeclaration, Outcome, OutcomeDecision, Shop, Visit
from courses.queries.follow_up import coach_now
from courses.services.follow_up import Claim, assign_coach, claim_outcome
from tests.factories import courses as make
from tests.factories.follow_up import completed_person, make_coach
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(county):
    return make_coach(county)


@pytest.fixture
def trainee(county):
    return completed_person("学员甲")


@pytest.fixture
def learner(trainee):
    """The trainee, who signs in with a phone."""
    trainee.user = UserFactory(trainee=True)
    trainee.save()
    return trainee


def page(person, name="followed"):
    return reverse(f"courses:{name}", args=[person.uid])


def claim_of(person, by):
    return claim_outcome(
        person=person,
        claim=Claim(Outcome.Kind.JOB, timezone.localdate(), employer="示例合作社"),
        by=by,
        client_token=uuid.uuid4(),
    )


def test_office_gives_a_trainee_a_coach_and_takes_her_away(client, trainee, coach, office_user):
    client.force_login(office_user)

    client.post(page(trainee, "follow_coach"), {"coach": coach.pk})
    assert coach_now(trainee).coach == coach
    client.post(page(trainee, "follow_coach"), {"end": "1"})

    assert coach_now(trainee) is None


def test_coach_writes_down_a_visit_once(client, trainee, coach, office_user):
    assign_coach(person=trainee, coach=coach, by=office_user)
    client.force_login(coach)
    given = {
        "client_token": uuid.uuid4(),
        "visited_on": timezone.localdate().isoformat(),
        "way": "visit",
        "help": "shop",
        "found": "店里上了三样货。",
    }

    for _time in range(2):
        assert client.post(page(trainee, "follow_visit"), given).status_code == 302

    assert Visit.objects.get().found == "店里上了三样货。"
    assert "店里上了三样货。" in client.get(page(trainee)).content.decode()
    assert "学员甲" in client.get(reverse("courses:follow_up"), {"show": "mine"}).content.decode()


def test_next_visit_before_this_one_gets_a_clear_answer(client, trainee, coach, office_user):
    assign_coach(person=trainee, coach=coach, by=office_user)
    client.force_login(coach)
    given = {"client_token": uuid.uuid4(), "visited_on": "2026-05-02", "next_on": "2026-05-01"}

    answer = client.post(
        page(trainee, "follow_visit"), given | {"way": "phone", "help": "none", "found": "好"}
    )

    assert "下次走访要晚于这次。" in answer.content.decode()
    assert not Visit.objects.exists()


def test_another_coach_writes_no_visit(client, trainee, coach, county, office_user):
    assign_coach(person=trainee, coach=coach, by=office_user)
    client.force_login(make_coach(county, "coach-b"))

    assert client.post(page(trainee, "follow_visit"), {}).status_code == 404


def test_claim_of_the_coach_is_verified_by_the_office(client, trainee, coach, office_user):
    client.force_login(coach)
    given = {
        "client_token": uuid.uuid4(),
        "kind": "job",
        "happened_on": "2026-05-01",
        "employer": "示例合作社",
    }
    client.post(page(trainee, "follow_claim"), {**given, "picture": make.photo()})
    outcome = Outcome.objects.get()

    client.force_login(office_user)
    listed = client.get(reverse("courses:follow_up"), {"show": "claims"}).content.decode()
    shown = client.get(page(outcome, "outcome")).content.decode()
    picture = client.get(page(outcome, "outcome_picture"))
    assert picture.getvalue()[:2] == b"\xff\xd8"
    client.post(page(outcome, "outcome"), {"verdict": "verified", "way": "phone", "reason": "单位说在岗"})

    assert page(outcome, "outcome") in listed
    assert "示例合作社" in shown
    assert picture["Content-Type"] == "image/jpeg"
    assert OutcomeDecision.objects.get().decided_by == office_user


def test_nobody_verifies_her_own_claim(client, trainee, office_user):
    outcome = claim_of(trainee, office_user)
    client.force_login(office_user)

    answer = client.post(page(outcome, "outcome"), {"verdict": "verified", "way": "phone", "reason": "在岗"})

    assert answer.status_code == 200
    assert not OutcomeDecision.objects.exists()


def test_file_that_is_no_picture_gets_a_clear_answer(client, trainee, coach):
    client.force_login(coach)
    broken = make.photo()
    broken.file.seek(0)
    broken.file.write(b"no picture")
    given = {"client_token": uuid.uuid4(), "kind": "job", "happened_on": "2026-05-01", "picture": broken}

    answer = client.post(page(trainee, "follow_claim"), given)

    assert answer.status_code == 200
    assert not Outcome.objects.exists()


def test_earlier_business_is_noted(client, trainee, coach):
    client.force_login(coach)

    client.post(page(trainee, "follow_earlier"), {"enrolment": trainee.enrolments.get().pk, "had_one": "yes"})

    assert trainee.enrolments.get().earlier_business.had_one


def test_trainee_links_her_shop_and_takes_it_off(client, learner):
    client.force_login(learner.user)
    given = {"channel": "douyin", "name": "示例果园", "url": "shop.example/1"}

    client.post(reverse("courses:my_shop"), given)
    shop = Shop.objects.get()
    client.post(page(shop, "shop_off"))

    shop.refresh_from_db()
    assert (shop.url, shop.closed_at is not None) == ("https://shop.example/1", True)


def test_address_that_is_no_web_address_gets_a_clear_answer(client, learner):
    client.force_login(learner.user)

    answer = client.post(
        reverse("courses:my_shop"), {"channel": "douyin", "name": "x", "url": "javascript:alert(1)"}
    )

    assert answer.status_code == 200
    assert not Shop.objects.exists()


def test_shop_of_somebody_else_is_not_there(client, learner, coach):
    client.force_login(coach)
    client.post(page(learner, "follow_shop"), {"channel": "jd", "name": "示例", "url": "https://a.example"})
    other = completed_person("学员乙")
    other.user = UserFactory(trainee=True)
    other.save()
    client.force_login(other.user)

    assert client.post(page(Shop.objects.get(), "shop_off")).status_code == 404


def test_trainee_says_what_she_achieved_and_earns_if_she_likes(client, learner):
    client.force_login(learner.user)
    enrolment = learner.enrolments.get()
    given = {"client_token": uuid.uuid4(), "kind": "first_shop", "happened_on": "2026-05-01"}

    client.post(reverse("courses:my_claim"), given)
    client.post(reverse("courses:my_income"), {"enrolment": enrolment.pk, "before": "0", "after": ""})
    assert IncomeDeclaration.objects.get().band == 0
    client.post(reverse("courses:my_income"), {"delete": "1"})

    assert Outcome.objects.get().claimed_by == learner.user
    assert not IncomeDeclaration.objects.exists()


def test_staff_without_a_person_is_asked_who_she_is(client, coach):
    client.force_login(coach)

    assert client.get(reverse("courses:my_shop")).status_code == 302


def test_family_shop_names_its_operator(client, coach):
    from tests.factories.registry import HouseholdFactory, MembershipFactory

    wife, husband = completed_person("学员甲"), completed_person("学员乙")
    household = HouseholdFactory(village=wife.village)
    for person in (wife, husband):
        MembershipFactory(person=person, household=household)
    client.force_login(coach)
    given = {"client_token": uuid.uuid4(), "kind": "first_shop", "happened_on": "2026-05-01"}

    client.post(page(husband, "follow_claim"), given | {"operator": wife.uid})

    assert Outcome.objects.get().operator == wife


@pytest.mark.parametrize("shown", ["", "mine", "claims"])
def test_lists_ask_the_same_number_of_queries(
    client, county, coach, office_user, shown, django_assert_num_queries
):
    def fill(name):
        person = completed_person(name)
        assign_coach(person=person, coach=office_user if shown == "mine" else coach, by=office_user)
        claim_of(person, coach)

    from registry.models import Appointment
    from registry.services import appoint

    appoint(user=office_user, role=Appointment.Role.COACH, region=county, since=date(2020, 1, 1))
    client.force_login(office_user)
    address = f"{reverse('courses:follow_up')}?show={shown}"
    fill("学员甲")
    client.get(address)
    with django_assert_num_queries(QUERIES[shown]):
        client.get(address)
    for name in ("学员乙", "学员丙"):
        fill(name)
    with django_assert_num_queries(QUERIES[shown]):
        client.get(address)


QUERIES = {"": 10, "mine": 10, "claims": 10}
