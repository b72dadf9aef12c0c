import pytest
from django.contrib.auth.models import AnonymousUser

from registry.models import Person
from registry.queries.people import people_to_link, person_of
from registry.queries.places import version_by_code
from registry.services import register_self
from tests.factories.registry import PersonFactory, UserFactory


def test_register_self_makes_one_person_a_user(county, trainee_user):
    village = version_by_code("431125100006").region

    person = register_self(user=trainee_user, name=" 学员 甲 ", village=village, sex="F", birth_year=1970)
    again = register_self(user=trainee_user, name="学员乙", village=None)

    assert again == person
    assert (person.name, person.village, person.birth_year) == ("学员甲", village, 1970)
    assert person.identity_level == Person.IdentityLevel.DECLARED
    assert person.phone == trainee_user.phone
    assert person.phone_owner == Person.PhoneOwner.OWN
    trainee_user.refresh_from_db()
    assert str(trainee_user) == "学员甲"


@pytest.mark.django_db
def test_register_self_without_proven_phone_keeps_none():
    person = register_self(user=UserFactory(phone="+8619900001234"), name="学员甲", village=None)

    assert person.phone == ""


@pytest.mark.django_db
def test_person_of_user_visitor_and_staff():
    person = PersonFactory(learner=True)

    assert person_of(person.user) == person
    assert person_of(AnonymousUser()) is None
    assert person_of(UserFactory()) is None


def test_people_to_link_needs_proven_phone_free_person_and_id_number(trainee_user):
    wanted = PersonFactory(rostered=True, phone=trainee_user.phone)
    PersonFactory(phone=trainee_user.phone)
    PersonFactory(rostered=True, phone=trainee_user.phone, user=UserFactory())
    PersonFactory(rostered=True, phone="+8613800000000")

    assert people_to_link(trainee_user) == [wanted]
    trainee_user.phone_verified = False
    assert people_to_link(trainee_user) == []
