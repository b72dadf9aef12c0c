"""A lost number: staff give another one, the person stays one."""

import pytest
from django.test import Client

from registry.errors import LinkWrong, PhoneTaken, ReasonMissing, StaffSignsInHerself
from registry.models import AuditEntry, Person, User
from registry.queries.people import person_of
from registry.services import choose_pictures, issue_card, link_person, login_for, replace_phone
from tests.factories.registry import PersonFactory, UserFactory
from tests.factories.sign_in import PICTURES, make_card, make_villager, press
from tests.registry.way_in import PHONE, enter

NEW = "+8619900005678"
pytestmark = pytest.mark.django_db


@pytest.fixture
def villager(keeper):
    """Somebody who signs in with `PHONE`."""
    user = UserFactory(phone=PHONE, phone_verified=True)
    user.set_unusable_password()
    user.save()
    return make_villager(name="学员甲", user=user, phone=PHONE, phone_owner=Person.PhoneOwner.OWN)


def page_of(person):
    return f"/people/station/villagers/{person.uid}/number/"


def test_new_number_opens_the_same_login_and_the_old_one_no_more(client, villager, keeper):
    client.force_login(keeper)

    answer = client.post(page_of(villager), {"phone": "199 0000 5678", "reason": "手机丢失，本人到站"})

    assert answer.status_code == 302
    entry = AuditEntry.objects.get(action="phone_replaced")
    assert (entry.actor, entry.person) == (keeper, villager)
    assert "199" not in str(entry.detail)
    with_new, with_old = Client(), Client()
    enter(with_new, "19900005678")
    assert person_of(User.objects.get(pk=with_new.session["_auth_user_id"])) == villager
    enter(with_old, "19900001234")
    assert person_of(User.objects.get(pk=with_old.session["_auth_user_id"])) is None
    villager.refresh_from_db()
    assert villager.phone == NEW
    assert Person.objects.count() == 1


def test_old_number_works_until_then(villager):
    visitor = Client()
    enter(visitor)

    assert person_of(User.objects.get(pk=visitor.session["_auth_user_id"])) == villager


def test_new_number_signs_out_whoever_holds_the_old_phone(villager, keeper):
    thief = Client()
    enter(thief)
    assert thief.get("/learn/").status_code == 200

    replace_phone(person=villager, phone=NEW, by=keeper, reason="手机被盗")

    assert thief.get("/learn/").status_code == 302


def test_new_number_must_still_prove_itself(villager, keeper):
    user = replace_phone(person=villager, phone=NEW, by=keeper, reason="手机丢失")

    assert not user.phone_verified


def test_new_number_needs_a_reason(villager, keeper):
    with pytest.raises(ReasonMissing):
        replace_phone(person=villager, phone=NEW, by=keeper, reason=" 丢 ")


def test_new_number_of_somebody_else_is_refused(client, villager, keeper):
    PersonFactory(user=UserFactory(phone=NEW, phone_verified=True))
    client.force_login(keeper)

    page = client.post("/en" + page_of(villager), {"phone": NEW, "reason": "手机丢失"})

    assert "belongs to the login of another person" in page.content.decode()
    with pytest.raises(PhoneTaken):
        replace_phone(person=villager, phone=NEW, by=keeper, reason="手机丢失")
    assert User.objects.get(person=villager).phone == PHONE


def test_new_number_that_opened_an_empty_login_comes_over(villager, keeper):
    """She has tried the new number already, and stopped at the question who she is."""
    empty = UserFactory(phone=NEW, phone_verified=True)

    replace_phone(person=villager, phone=NEW, by=keeper, reason="手机丢失")

    empty.refresh_from_db()
    assert empty.phone == ""
    assert User.objects.get(person=villager).phone == NEW


def test_new_number_of_family_stays_known(keeper):
    person = make_villager(phone=PHONE, phone_owner=Person.PhoneOwner.FAMILY)

    replace_phone(person=person, phone=NEW, by=keeper, reason="有了自己的手机")

    person.refresh_from_db()
    assert person.phone == PHONE
    assert User.objects.get(person=person).phone == NEW


def test_new_number_is_not_for_staff(keeper, office_user):
    with pytest.raises(StaffSignsInHerself):
        replace_phone(person=make_villager(user=office_user), phone=NEW, by=keeper, reason="手机丢失")


def test_login_for_makes_one_login(keeper):
    person = make_villager()

    assert login_for(person=person) == login_for(person=person)
    assert User.objects.filter(person=person).count() == 1


# A card first, a phone later


@pytest.fixture
def listed(keeper):
    """Somebody on the list with `PHONE`, who got a card before she ever signed in."""
    person = make_villager(name="学员甲", rostered=True, phone=PHONE)
    make_card(person, keeper)
    return person


def test_phone_after_a_card_leads_to_the_question_who_she_is(client, listed):
    assert enter(client, after="/learn/").url == "/people/link/?next=%2Flearn%2F"


def test_phone_after_a_card_comes_to_the_same_login(client, listed):
    card_login = User.objects.get(person=listed)
    enter(client)

    answer = client.post("/people/link/?next=/learn/", {"last_four": listed.id_number[-4:]})

    assert answer.url == "/people/privacy/?next=%2Flearn%2F"
    assert client.session["_auth_user_id"] == str(card_login.pk)
    assert client.get("/learn/").status_code == 200
    card_login.refresh_from_db()
    assert (card_login.phone, card_login.phone_verified) == (PHONE, True)
    assert Person.objects.count() == 1
    assert User.objects.filter(phone_hash__isnull=False).count() == 1


def test_phone_after_a_card_never_by_the_phone_alone(client, listed):
    enter(client)
    wrong = "0000" if listed.id_number[-4:] != "0000" else "1111"

    client.post("/people/link/", {"last_four": wrong})

    assert User.objects.get(person=listed).phone == ""


def test_phone_of_somebody_with_another_number_is_not_handed_over(keeper, trainee_user):
    other = PersonFactory(rostered=True, phone=trainee_user.phone, user=UserFactory(phone=NEW))

    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=other.id_number[-4:])
    assert User.objects.get(person=other).phone == NEW


def test_new_card_after_a_lost_one_is_the_same_person(client, listed, keeper):
    issued = issue_card(person=listed, by=keeper)
    choose_pictures(card=issued.card, pictures=PICTURES)
    client.get("/people/card/", {"c": issued.token})
    press(client, "/people/card/pictures/", PICTURES)

    assert person_of(User.objects.get(pk=client.session["_auth_user_id"])) == listed
    assert User.objects.filter(person=listed).count() == 1
