import pytest
from django.contrib.auth.models import AnonymousUser

from registry.models import Person
from registry.queries.people import people_to_link, person_by_id_number, person_of, user_by_phone
from registry.queries.places import version_by_code
from registry.services import link_person, merge_people, register_self
from tests.factories.registry import PersonFactory, UserFactory, id_number


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


@pytest.fixture
def changed_index_key(settings):
    """Change the index key: what was hashed before bears the old one."""

    def change():
        settings.SEAL_INDEX_KEYS_ALSO = [settings.SEAL_INDEX_KEY]
        settings.SEAL_INDEX_KEY = "5e" * 32

    return change


def test_lookups_by_number_find_rows_under_either_index_key(trainee_user, changed_index_key):
    number = id_number(7)
    listed = PersonFactory(id_number=number, phone=trainee_user.phone)

    changed_index_key()

    assert user_by_phone(trainee_user.phone) == trainee_user
    assert person_by_id_number(number) == listed
    assert person_by_id_number(id_number(8)) is None
    assert people_to_link(trainee_user) == [listed]
    assert link_person(user=trainee_user, last_four=number[-4:]) == listed


def test_lookup_finds_who_stands_for_an_absorbed_record(db):
    kept, absorbed = PersonFactory(), PersonFactory(id_number=id_number(7))
    merge_people(kept=kept, absorbed=absorbed, by=UserFactory(), reason="同一人")

    assert person_by_id_number(id_number(7)) == kept


def test_people_to_link_leaves_out_whoever_has_a_login_on_another_record(trainee_user):
    office = UserFactory()
    for flip in (False, True):
        listed = PersonFactory(rostered=True, phone=trainee_user.phone)
        pair = [listed, PersonFactory(user=UserFactory())]
        kept, absorbed = reversed(pair) if flip else pair
        merge_people(kept=kept, absorbed=absorbed, by=office, reason="同一人")

    assert people_to_link(trainee_user) == []


def test_registering_with_a_second_login_gives_who_stands_for_her(county):
    kept, absorbed = PersonFactory(learner=True), PersonFactory(learner=True)
    merge_people(kept=kept, absorbed=absorbed, by=UserFactory(), reason="同一人")

    assert register_self(user=absorbed.user, name="学员乙", village=None) == kept
