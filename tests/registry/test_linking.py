from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.errors import LinkClosed, LinkWrong
from registry.models import Person
from registry.queries.people import needs_introduction
from registry.queries.places import version_by_code
from registry.services import link_person
from tests.factories.registry import PersonFactory, UserFactory, id_number

LINK = "registry:link_person"
INTRODUCE = "registry:introduce"


@pytest.fixture
def listed(trainee_user):
    """The person on the county's list who bears the trainee's phone."""
    return PersonFactory(name="学员甲", id_number=id_number(7), phone=trainee_user.phone)


def wrong_for(person):
    return "0000" if person.id_number[-4:] != "0000" else "1111"


def test_link_needs_the_end_of_the_id_number(client, trainee_user, listed):
    client.force_login(trainee_user)
    page = client.get(reverse(LINK)).content.decode()
    assert "学员" not in page

    response = client.post(reverse(LINK), {"last_four": listed.id_number[-4:].lower(), "next": "/verify/"})

    assert response.url == "/verify/"
    listed.refresh_from_db()
    trainee_user.refresh_from_db()
    assert listed.user == trainee_user
    assert str(trainee_user) == "学员甲"


def test_wrong_answer_tells_nothing(client, trainee_user, listed):
    client.force_login(trainee_user)

    response = client.post(reverse(LINK), {"last_four": wrong_for(listed)})

    assert response.status_code == 200
    assert "学员" not in response.content.decode()
    listed.refresh_from_db()
    assert listed.user is None


def test_five_wrong_answers_close_it_for_a_day(trainee_user, listed):
    now = timezone.now()
    for _try in range(5):
        with pytest.raises(LinkWrong):
            link_person(user=trainee_user, last_four=wrong_for(listed), now=now)

    with pytest.raises(LinkClosed):
        link_person(user=trainee_user, last_four=listed.id_number[-4:], now=now + timedelta(hours=23))

    assert (
        link_person(user=trainee_user, last_four=listed.id_number[-4:], now=now + timedelta(days=1)) == listed
    )


def test_closed_link_goes_on_to_the_name(client, trainee_user, listed):
    client.force_login(trainee_user)
    for _try in range(5):
        client.post(reverse(LINK), {"last_four": wrong_for(listed)})

    response = client.get(reverse(LINK), follow=True)

    assert response.redirect_chain[0][0].startswith(reverse(INTRODUCE))
    assert response.context["is_link_closed"]


def test_two_people_with_one_phone_and_one_ending_are_not_chosen_between(trainee_user):
    same_end = [id_number(7), "990001" + id_number(7)[6:]]
    for number in same_end:
        PersonFactory(id_number=number, phone=trainee_user.phone)

    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=id_number(7)[-4:])


def test_family_members_with_one_phone_are_told_apart(trainee_user, listed):
    other = PersonFactory(id_number=id_number(8), phone=trainee_user.phone)

    assert link_person(user=trainee_user, last_four=other.id_number[-4:]) == other


def test_linked_user_is_not_asked_again_and_not_linked_twice(client, listed):
    person = PersonFactory(learner=True)
    client.force_login(person.user)

    assert client.get(reverse(LINK) + "?next=/verify/").url == "/verify/"
    assert client.get(reverse(INTRODUCE)).url == "/"
    assert link_person(user=person.user, last_four="0000") == person
    assert not needs_introduction(person.user)


def test_person_linked_to_somebody_is_not_offered(client, trainee_user, listed):
    listed.user = UserFactory()
    listed.save()
    client.force_login(trainee_user)

    assert client.get(reverse(LINK)).url.startswith(reverse(INTRODUCE))
    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=listed.id_number[-4:])


@pytest.mark.parametrize("answer", ["", "12", "12345"])
def test_answer_of_wrong_length_costs_no_try(client, trainee_user, listed, answer):
    client.force_login(trainee_user)

    assert client.post(reverse(LINK), {"last_four": answer}).status_code == 200

    trainee_user.refresh_from_db()
    assert trainee_user.link_failures == 0


def test_person_on_no_list_gives_name_and_village(client, county, trainee_user):
    village = version_by_code("431125103200").region
    client.force_login(trainee_user)
    assert client.get(reverse(LINK)).url == reverse(INTRODUCE) + "?next=%2F"
    assert client.get(reverse(INTRODUCE)).content.decode().count("<optgroup") == 9

    response = client.post(reverse(INTRODUCE), {"name": "学员 乙", "village": village.pk, "next": "/learn/"})

    assert response.url == "/learn/"
    person = Person.objects.get()
    assert (person.name, person.village, person.user) == ("学员乙", village, trainee_user)


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "??"}, {"name": "学员", "village": "999999999"}])
def test_introduction_answers_bad_input_at_its_field(client, county, trainee_user, values):
    client.force_login(trainee_user)

    response = client.post(reverse(INTRODUCE), values)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Person.objects.exists()


@pytest.mark.parametrize("name", [LINK, INTRODUCE])
def test_onward_address_stays_on_this_site(client, trainee_user, name, county, listed):
    client.force_login(trainee_user)

    response = client.get(reverse(name) + "?next=https://example.org/")

    assert response.context["onward"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [LINK, INTRODUCE])
def test_visitor_is_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_staff_need_no_introduction(office_user):
    assert not needs_introduction(office_user)
    assert not needs_introduction(UserFactory(is_superuser=True))
    assert needs_introduction(UserFactory())
