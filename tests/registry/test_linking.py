from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from registry.errors import LinkClosed, LinkNeedsName, LinkWrong
from registry.models import Person
from registry.queries.places import version_by_code
from registry.services import link_person, next_temporary_number, register_self
from tests.factories.registry import PersonFactory, UserFactory, id_number

NOW = datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LINK, REGISTER = "/people/link/", "/people/register/"
pytestmark = pytest.mark.django_db


def two_with_one_ending():
    """Two different numbers with the same last four characters."""
    first = id_number(1)
    others = (id_number(1, date(year, 1, 1)) for year in range(1940, 1990))
    return first, next(number for number in others if number[-4:] == first[-4:])


@pytest.fixture
def listed(trainee_user):
    """A person on the list with the phone of `trainee_user`."""
    return PersonFactory(rostered=True, name="学员甲", phone=trainee_user.phone)


@pytest.fixture
def visitor(client, trainee_user):
    client.force_login(trainee_user)
    return client


def wrong_for(person):
    return "0000" if person.id_number[-4:] != "0000" else "1111"


# The service


def test_link_person_joins_login_and_person(trainee_user, listed):
    person = link_person(user=trainee_user, last_four=listed.id_number[-4:], now=NOW)

    assert person == listed
    listed.refresh_from_db()
    trainee_user.refresh_from_db()
    assert listed.user == trainee_user
    assert listed.identity_level == Person.IdentityLevel.MATCHED
    assert str(trainee_user) == "学员甲"
    assert link_person(user=trainee_user, last_four="0000", now=NOW) == listed


def test_link_person_keeps_a_higher_identity_level(trainee_user, listed):
    Person.objects.update(identity_level=Person.IdentityLevel.CHECKED)

    link_person(user=trainee_user, last_four=listed.id_number[-4:], now=NOW)

    assert Person.objects.get().identity_level == Person.IdentityLevel.CHECKED


@pytest.mark.parametrize("typed", ["X", "x"])
def test_link_person_takes_an_x(trainee_user, typed):
    number = next(number for s in range(500) if (number := id_number(s)).endswith("X"))
    person = PersonFactory(id_number=number, phone=trainee_user.phone)

    assert link_person(user=trainee_user, last_four=number[-4:-1] + typed, now=NOW) == person


def test_link_person_never_by_phone_alone(trainee_user, listed):
    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=wrong_for(listed), now=NOW)

    listed.refresh_from_db()
    assert listed.user is None


def test_link_person_needs_the_proven_phone_of_the_record(listed):
    stranger = UserFactory(trainee=True)
    unproven = UserFactory(phone="+8619900007777")
    theirs = PersonFactory(rostered=True, phone="+8619900007777")

    for user, person in ((stranger, listed), (unproven, theirs)):
        with pytest.raises(LinkWrong):
            link_person(user=user, last_four=person.id_number[-4:], now=NOW)


def test_link_person_never_takes_over_somebody_elses_record(trainee_user, listed):
    Person.objects.update(user=UserFactory())

    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=listed.id_number[-4:], now=NOW)


def test_link_person_fifth_wrong_answer_closes_for_a_day(trainee_user, listed):
    for _try in range(4):
        with pytest.raises(LinkWrong):
            link_person(user=trainee_user, last_four=wrong_for(listed), now=NOW)
    with pytest.raises(LinkClosed):
        link_person(user=trainee_user, last_four=wrong_for(listed), now=NOW)

    right = listed.id_number[-4:]
    with pytest.raises(LinkClosed):
        link_person(user=trainee_user, last_four=right, now=NOW + timedelta(hours=23, minutes=59))
    assert link_person(user=trainee_user, last_four=right, now=NOW + timedelta(days=1)) == listed


def test_link_person_among_family_goes_by_the_last_four(trainee_user):
    wife = PersonFactory(rostered=True, phone=trainee_user.phone)
    husband = PersonFactory(rostered=True, phone=trainee_user.phone)

    assert link_person(user=trainee_user, last_four=husband.id_number[-4:], now=NOW) == husband
    wife.refresh_from_db()
    assert wife.user is None


def test_link_person_asks_name_when_two_share_the_last_four(trainee_user):
    first, second = two_with_one_ending()
    PersonFactory(name="学员甲", id_number=first, phone=trainee_user.phone)
    wanted = PersonFactory(name="学员乙", id_number=second, phone=trainee_user.phone)

    with pytest.raises(LinkNeedsName):
        link_person(user=trainee_user, last_four=first[-4:], now=NOW)
    with pytest.raises(LinkWrong):
        link_person(user=trainee_user, last_four=first[-4:], name="学员丙", now=NOW)
    assert link_person(user=trainee_user, last_four=first[-4:], name=" 学员 乙", now=NOW) == wanted
    trainee_user.refresh_from_db()
    assert trainee_user.link_failures == 0


def test_temporary_numbers_are_gap_free_by_county_and_year(county, other_county):
    register_self(user=UserFactory(), name="学员甲", village=None, now=NOW)
    here = version_by_code("431125100006").region
    register_self(user=UserFactory(), name="学员乙", village=here, now=NOW)
    register_self(user=UserFactory(), name="学员丙", village=other_county, now=NOW)
    register_self(user=UserFactory(), name="学员丁", village=None, now=NOW.replace(year=2027))

    assert list(Person.objects.order_by("pk").values_list("temporary_number", flat=True)) == [
        "T-431125-2026-00001",
        "T-431125-2026-00002",
        "T-431129-2026-00001",
        "T-431125-2027-00001",
    ]


def test_temporary_numbers_go_on_past_five_digits():
    PersonFactory(temporary_number="T-431125-2026-99999")
    PersonFactory(temporary_number="T-431125-2026-100000")

    assert next_temporary_number(county_code="431125", year=2026) == "T-431125-2026-100001"


@pytest.mark.django_db(transaction=True)
def test_temporary_numbers_of_people_at_the_same_moment_differ():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    users = [UserFactory() for _user in range(6)]

    def register(user):
        try:
            return register_self(user=user, name="学员甲", village=None, now=NOW).temporary_number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(register, users))

    assert numbers == [f"T-431125-2026-{serial:05d}" for serial in range(1, 7)]


# The page for linking


def test_link_page_needs_a_login(client):
    assert client.get(f"{LINK}?next=/learn/").url == "/account/login/?next=/people/link/%3Fnext%3D/learn/"


def test_link_page_joins_and_leads_on(visitor, listed):
    answer = visitor.post(f"{LINK}?next=/learn/", {"last_four": f" {listed.id_number[-4:].lower()} "})

    assert answer.url == "/people/privacy/?next=%2Flearn%2F"
    assert Person.objects.get().user is not None


def test_link_page_is_the_same_whether_somebody_fits_or_not(client):
    pages = []
    for is_listed in (True, False):
        user = UserFactory(trainee=True)
        if is_listed:
            PersonFactory(id_number=id_number(3), phone=user.phone)
        client.force_login(user)
        for answer in (client.get("/en" + LINK), client.post("/en" + LINK, {"last_four": "0000"})):
            text = answer.content.decode()
            pages.append((is_listed, answer.status_code, strip(text, user)))

    yes, no = (sorted(page[1:] for page in pages if page[0] is listed) for listed in (True, False))
    assert yes == no
    assert "These four characters do not fit." in "".join(text for _status, text in yes)


def strip(text, user):
    import re

    return re.sub(r'value="\w{64}"', "", text).replace(str(user), "")


@pytest.mark.parametrize("typed", ["", "12", "12345", "12A4", "X123", "\x00", "九八七六"])
def test_link_page_does_not_count_what_cannot_be_four_characters(visitor, listed, typed):
    answer = visitor.post(LINK, {"last_four": typed})

    assert answer.status_code == 200
    assert answer.context["form"].has_error("last_four")
    listed.refresh_from_db()
    assert answer.wsgi_request.user.link_failures == 0


def test_link_page_reads_full_width_characters(visitor, trainee_user):
    number = next(number for s in range(500) if (number := id_number(s)).endswith("X"))
    PersonFactory(id_number=number, phone=trainee_user.phone)
    ending = number[-4:]

    visitor.post(
        LINK, {"last_four": ending.translate(str.maketrans("0123456789X", "０１２３４５６７８９ｘ"))}
    )

    assert Person.objects.get().user == trainee_user


def test_link_page_closes_after_five_wrong_answers(visitor, listed):
    for _try in range(5):
        answer = visitor.post("/en" + LINK, {"last_four": wrong_for(listed)})

    assert "Please try again tomorrow" in answer.content.decode()
    assert 'name="last_four"' not in answer.content.decode()
    assert "Please try again tomorrow" in visitor.get("/en" + LINK).content.decode()
    visitor.post(LINK, {"last_four": listed.id_number[-4:]})
    listed.refresh_from_db()
    assert listed.user is None


def test_link_page_asks_name_and_goes_on(visitor, trainee_user):
    first, second = two_with_one_ending()
    PersonFactory(name="学员甲", id_number=first, phone=trainee_user.phone)
    wanted = PersonFactory(name="学员乙", id_number=second, phone=trainee_user.phone)
    assert 'type="hidden" name="name"' in visitor.get(LINK).content.decode()

    asked = visitor.post("/en" + LINK, {"last_four": first[-4:]}).content.decode()
    assert "Please also give your name" in asked
    assert 'type="text" name="name"' in asked
    visitor.post(LINK, {"last_four": first[-4:], "name": "学员乙"})

    wanted.refresh_from_db()
    assert wanted.user == trainee_user


def test_link_page_leads_on_whoever_is_known(client):
    person = PersonFactory(learner=True)
    client.force_login(person.user)

    assert client.get(f"{LINK}?next=/learn/").url == "/learn/"
    assert client.get(f"{LINK}?next=https://evil.example/").url == "/"


# The page for registering


def test_register_page_needs_a_login(client):
    assert client.get(REGISTER).status_code == 302


def test_register_page_needs_only_a_name(visitor, county):
    answer = visitor.post(f"{REGISTER}?next=/learn/x/", {"name": " 学员 甲 "})

    person = Person.objects.get()
    assert answer.url == "/people/privacy/?next=%2Flearn%2Fx%2F"
    assert (person.name, person.village, person.sex, person.birth_year) == ("学员甲", None, "", None)
    assert person.identity_level == Person.IdentityLevel.DECLARED
    assert person.temporary_number.startswith("T-431125-")


def test_register_page_asks_the_village_in_a_second_step(visitor, county):
    answers = {"name": "学员甲", "town": "431125100", "sex": "F", "birth_year": "1968"}

    step = visitor.post(REGISTER, answers)
    form = step.context["form"]
    assert step.status_code == 200
    assert not form.errors
    assert form.asks_village
    assert not Person.objects.exists()
    page = step.content.decode()
    assert 'value="学员甲"' in page
    assert 'name="villages_of" value="431125100"' in page
    visitor.post(REGISTER, {**answers, "villages_of": "431125100", "village": "431125100006"})

    person = Person.objects.get()
    assert person.village == version_by_code("431125100006").region
    assert (person.sex, person.birth_year) == ("F", 1968)


def test_register_page_lets_the_village_be_none_of_them(visitor, county):
    visitor.post(REGISTER, {"name": "学员甲", "town": "431125100", "villages_of": "431125100", "village": ""})

    assert Person.objects.get().village is None


def test_register_page_asks_again_after_another_town(visitor, county):
    answers = {"name": "学员甲", "villages_of": "431125100", "village": "431125100006", "town": "431125101"}

    step = visitor.post(REGISTER, answers)

    assert step.context["form"].asks_village
    assert not step.context["form"].errors
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "甲"),
        ("name", "12345"),
        ("name", "甲" * 101),
        ("name", "学\x00员"),
        ("birth_year", "68"),
        ("birth_year", "3000"),
        ("birth_year", "abc"),
        ("town", "431129100"),
        ("sex", "Q"),
    ],
)
def test_register_page_refuses_what_cannot_be(visitor, county, field, value):
    answer = visitor.post(REGISTER, {"name": "学员甲", field: value})

    assert answer.status_code == 200
    assert answer.context["form"].has_error(field)
    assert not Person.objects.exists()


def test_register_page_refuses_a_village_of_another_county(visitor, other_county):
    answers = {"name": "学员甲", "town": "431125100", "villages_of": "431125100", "village": "431129100001"}

    assert visitor.post(REGISTER, answers).context["form"].has_error("village")


def test_register_page_twice_makes_one_person(visitor, county):
    visitor.post(REGISTER, {"name": "学员甲"})
    answer = visitor.post(f"{REGISTER}?next=/learn/", {"name": "学员乙"})

    assert answer.url == "/learn/"
    assert Person.objects.get().name == "学员甲"


def test_register_page_without_regions_still_takes_a_name(visitor):
    visitor.post(REGISTER, {"name": "学员甲"})

    assert Person.objects.count() == 1


def test_both_pages_can_be_skipped(visitor):
    for path in (LINK, REGISTER):
        assert '<a href="/learn/">' in visitor.get(f"{path}?next=/learn/").content.decode()


def test_closing_is_shown_until_the_day_is_over(visitor, trainee_user):
    trainee_user.link_closed_until = NOW + timedelta(hours=1)
    trainee_user.save()

    with time_machine.travel(NOW + timedelta(hours=2)):
        visitor.force_login(trainee_user)
        assert "last_four" in visitor.get(LINK).content.decode()


def test_pages_ask_a_fixed_number_of_queries(visitor, trainee_user, county, django_assert_max_num_queries):
    for _round in range(2):
        PersonFactory(rostered=True, phone=trainee_user.phone)
        with django_assert_max_num_queries(6):
            visitor.get(LINK)
        with django_assert_max_num_queries(7):
            visitor.get(REGISTER)
