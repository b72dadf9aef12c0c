from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone

from registry.card_numbers import new_card_number, read_card_number, spaced
from registry.errors import (
    CardClosed,
    CardNotGood,
    FirstCodeWrong,
    PicturesChosenAlready,
    PicturesNotChosen,
    PicturesWrong,
    StaffSignsInHerself,
)
from registry.models import Appointment, AuditEntry, Person, SignInCard, User
from registry.pictures import PICTURES as ALL
from registry.pictures import are_pictures, shuffled_pictures
from registry.queries.people import person_of
from registry.services import appoint, cancel_card, check_stub, choose_pictures, issue_card, prove_card
from tests.factories.registry import PersonFactory, UserFactory
from tests.factories.sign_in import (
    OTHER_VILLAGE,
    PICTURES,
    VILLAGE,
    at_station,
    make_card,
    make_keeper,
    make_villager,
    press,
)
from tests.registry.way_in import is_signed_in

CARD, ASK, FIRST = "/people/card/", "/people/card/pictures/", "/people/card/first/"
ISSUE = "/people/card/issue/"
WRONG = ["moon", "sun", "key"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(county):
    return make_keeper()


@pytest.fixture
def villager(keeper):
    return make_villager(name="学员甲")


@pytest.fixture
def issued(villager, keeper):
    return make_card(villager, keeper)


def scan(client, issued):
    return client.get(CARD, {"c": issued.token})


# Numbers and pictures


def test_card_number_notices_a_slip():
    number = new_card_number()

    assert len(number) == 10
    assert read_card_number(spaced(number)) == number
    assert read_card_number(number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == number
    for place in range(10):
        slip = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert read_card_number(slip) == ""
    assert [read_card_number(text) for text in ("", "123", "abc", "1" * 11)] == ["", "", "", ""]


def test_pictures_are_twelve_and_come_in_any_order():
    orders = {tuple(key for key, _name in shuffled_pictures()) for _time in range(20)}

    assert len(ALL) == 12
    assert len(orders) > 1
    assert not are_pictures(["hen", "hen", "corn"])
    assert not are_pictures(["hen", "corn"])
    assert not are_pictures(["hen", "corn", "dragon"])


# Issuing


def test_issue_card_opens_a_login_once_and_logs(villager, keeper):
    first = issue_card(person=villager, by=keeper)
    second = issue_card(person=villager, by=keeper)

    user = User.objects.get(person=villager)
    assert not user.has_usable_password()
    assert user.phone == ""
    assert person_of(user) == villager
    assert Person.objects.count() == 1
    first.card.refresh_from_db()
    assert (first.card.cancelled_by, second.card.cancelled_at) == (keeper, None)
    entries = AuditEntry.objects.filter(action="card_issued")
    assert {(entry.actor, entry.person, entry.region_code) for entry in entries} == {
        (keeper, villager, VILLAGE)
    }


def test_issue_card_keeps_the_login_of_a_phone(keeper):
    person = make_villager(learner=True)
    login = person.user

    assert issue_card(person=person, by=keeper).card.user == login


def test_issue_card_keeps_only_hashes(issued):
    row = SignInCard.objects.values().get()

    assert issued.token not in str(row)
    assert issued.first_code not in str(row)
    assert "hen" not in row["pictures"]
    assert not check_password("hen\ncorn\nkettle", row["pictures"])  # the pepper is missing


def test_issue_card_refuses_staff(keeper, county):
    person = make_villager(learner=True)
    appoint(user=person.user, role=Appointment.Role.OFFICE, region=county, since=timezone.localdate())

    with pytest.raises(StaffSignsInHerself):
        issue_card(person=person, by=keeper)


# Proving


def test_prove_card_returns_whose_it_is(issued, villager):
    assert person_of(prove_card(card=issued.card, pictures=PICTURES)) == villager


@pytest.mark.parametrize("pictures", [WRONG, PICTURES[::-1], PICTURES[:2], []])
def test_prove_card_refuses_other_pictures(issued, pictures):
    with pytest.raises(PicturesWrong):
        prove_card(card=issued.card, pictures=pictures)


def test_prove_card_refuses_a_cancelled_card_and_a_closed_login(issued, villager, keeper):
    User.objects.filter(person=villager).update(is_active=False)
    with pytest.raises(CardNotGood):
        prove_card(card=issued.card, pictures=PICTURES)
    User.objects.update(is_active=True)

    cancel_card(person=villager, by=keeper)

    with pytest.raises(CardNotGood):
        prove_card(card=issued.card, pictures=PICTURES)
    cancel_card(person=villager, by=keeper)
    assert AuditEntry.objects.filter(action="card_cancelled").count() == 1


def test_prove_card_refuses_whoever_has_got_a_role_since(issued, county):
    appoint(user=issued.card.user, role=Appointment.Role.TOWN, region=county, since=timezone.localdate())

    with pytest.raises(StaffSignsInHerself):
        prove_card(card=issued.card, pictures=PICTURES)


def test_prove_card_closes_longer_each_time(issued):
    now = timezone.now()
    waits = []
    for _round in range(3):
        for _try in range(4):
            with pytest.raises(PicturesWrong):
                prove_card(card=issued.card, pictures=WRONG, now=now)
        with pytest.raises(CardClosed) as closed:
            prove_card(card=issued.card, pictures=WRONG, now=now)
        waits.append(closed.value.values["minutes"])
        now += timedelta(minutes=waits[-1])
        with pytest.raises(CardClosed):  # not even with the right ones
            prove_card(card=issued.card, pictures=PICTURES, now=now - timedelta(seconds=1))

    assert waits == [15, 30, 60]
    assert prove_card(card=issued.card, pictures=PICTURES, now=now)
    issued.card.refresh_from_db()
    assert (issued.card.failures, issued.card.closings) == (0, 0)


def test_prove_card_never_closes_for_more_than_a_day(issued):
    SignInCard.objects.update(closings=30, failures=4)

    with pytest.raises(CardClosed) as closed:
        prove_card(card=issued.card, pictures=WRONG)
    assert closed.value.values["minutes"] == 24 * 60


def test_prove_card_leaves_other_cards_alone(issued, keeper):
    other = make_card(make_villager(), keeper)
    for _try in range(5):
        with pytest.raises((PicturesWrong, CardClosed)):
            prove_card(card=issued.card, pictures=WRONG)

    assert prove_card(card=other.card, pictures=PICTURES)


def test_new_card_waits_for_its_pictures(villager, keeper):
    issued = make_card(villager, keeper, pictures=None)
    with pytest.raises(PicturesNotChosen):
        prove_card(card=issued.card, pictures=PICTURES)
    wrong = "000000" if issued.first_code != "000000" else "111111"
    for _try in range(4):
        with pytest.raises(FirstCodeWrong):
            check_stub(card=issued.card, code=wrong)
    with pytest.raises(CardClosed):
        check_stub(card=issued.card, code=wrong)
    SignInCard.objects.update(closed_until=None)

    check_stub(card=issued.card, code=issued.first_code)
    choose_pictures(card=issued.card, pictures=PICTURES)

    with pytest.raises(PicturesChosenAlready):
        choose_pictures(card=issued.card, pictures=WRONG)
    with pytest.raises(PicturesChosenAlready):
        check_stub(card=issued.card, code=issued.first_code)
    assert AuditEntry.objects.filter(action="pictures_chosen").count() == 1


# The pages


def test_card_page_signs_in_with_three_presses(client, issued, villager):
    assert scan(client, issued).url == ASK
    page = client.get(ASK).content.decode()
    assert page.count('name="picture"') == 12
    assert "学员" not in page

    answer = press(client, ASK, PICTURES)

    assert answer.url == "/learn/"
    assert is_signed_in(client)
    assert client.get("/learn/").status_code == 200
    assert "学员甲" in client.get("/people/me/").content.decode()
    assert Person.objects.count() == 1


def test_card_page_leaves_no_token_in_the_log(client, issued, capfd, caplog):
    with caplog.at_level("DEBUG"):
        scan(client, issued)
        press(client, ASK, WRONG)

    assert issued.token not in caplog.text + "".join(capfd.readouterr())


def test_card_page_takes_the_number(client, issued):
    assert client.post(CARD, {"number": spaced(issued.card.number)}).url == ASK

    press(client, ASK, PICTURES)

    assert is_signed_in(client)


@pytest.mark.parametrize("number", ["", "1234567890", "abc", "\x00", "1" * 400])
def test_card_page_refuses_a_number_that_is_none(client, county, number):
    answer = client.post("/en" + CARD, {"number": number})

    assert answer.status_code == 200
    assert answer.context["form"].has_error("number")


def test_card_page_says_when_a_card_is_no_longer_good(client, issued, villager, keeper):
    issue_card(person=villager, by=keeper)

    for answer in (
        client.get("/en" + CARD, {"c": issued.token}, follow=True),
        client.post("/en" + CARD, {"number": issued.card.number}, follow=True),
        client.get("/en" + CARD, {"c": "nonsense"}, follow=True),
        client.post("/en" + CARD, {"number": other_number(issued)}, follow=True),
    ):
        assert "This card is no longer good." in answer.content.decode()


def other_number(issued):
    return next(n for _time in range(9) if (n := new_card_number()) != issued.card.number)


def test_card_cancelled_meanwhile_opens_nothing(client, issued, villager, keeper):
    scan(client, issued)
    press(client, ASK, PICTURES[:2])
    cancel_card(person=villager, by=keeper)

    assert press(client, ASK, PICTURES).url == CARD
    assert not is_signed_in(client)


def test_wrong_pictures_begin_anew_in_plain_words(client, issued):
    scan(client, issued)

    page = press(client, "/en" + ASK, WRONG)

    assert "These are not your three pictures" in page.content.decode()
    assert page.context["picked"] == ""
    assert press(client, ASK, PICTURES).url == "/learn/"


def test_fifth_wrong_pictures_close_the_card(client, issued):
    scan(client, issued)
    for _try in range(4):
        press(client, "/en" + ASK, WRONG)

    page = client.post("/en" + ASK, {"picked": ",".join(WRONG[:2]), "picture": WRONG[2]}, follow=True)

    assert "Please try again in 15 minutes" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        scan(client, issued)
        assert press(client, ASK, PICTURES).url == "/learn/"


def test_pictures_pressed_twice_or_made_up_count_for_nothing(client, issued):
    scan(client, issued)

    page = client.post(ASK, {"picked": "hen,dragon,hen", "picture": "hen"})
    assert page.context["picked"] == "hen"
    assert client.post(ASK, {"picture": "dragon"}).context["picked"] == ""


def test_pictures_without_a_card_lead_to_the_card_page(client, county):
    assert client.get(ASK).url == CARD
    assert client.get(FIRST).url == CARD


def test_new_card_needs_the_stub_and_the_same_pictures_twice(client, villager, keeper):
    issued = make_card(villager, keeper, pictures=None)
    scan(client, issued)
    assert client.get(ASK).url == FIRST
    assert press(client, FIRST, PICTURES).context["form"].fields.keys() == {"code"}
    wrong = "000000" if issued.first_code != "000000" else "111111"
    refused = client.post("/en" + FIRST, {"code": wrong}).content.decode()
    assert "This is not the code on the stub" in refused
    assert client.post(FIRST, {"code": issued.first_code}).url == FIRST

    again = press(client, FIRST, PICTURES)
    assert again.context["is_again"]
    slipped = press(client, "/en" + FIRST, WRONG, first=again.context["first"])
    assert "not the same twice" in slipped.content.decode()
    again = press(client, FIRST, PICTURES)
    answer = press(client, FIRST, PICTURES, first=again.context["first"])

    assert answer.url == "/learn/"
    assert is_signed_in(client)
    fresh = Client()
    scan(fresh, issued)
    assert fresh.get(FIRST).url == ASK
    press(fresh, ASK, PICTURES)
    assert is_signed_in(fresh)


def test_new_card_at_a_station_needs_no_stub(villager, keeper):
    station = at_station(keeper)
    scan(station, make_card(villager, keeper, pictures=None))

    again = press(station, FIRST, PICTURES)
    press(station, FIRST, PICTURES, first=again.context["first"])

    assert is_signed_in(station)


def test_card_signs_out_whoever_was_here(client, issued):
    client.force_login(UserFactory())

    scan(client, issued)

    assert not is_signed_in(client)


@pytest.mark.slow
def test_fifty_people_behind_one_address_get_in_while_a_card_is_attacked(keeper, issued, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    address = {"REMOTE_ADDR": "203.0.113.7"}
    attacker = Client(**address)
    for _try in range(5):
        scan(attacker, issued)
        press(attacker, ASK, WRONG)
    assert SignInCard.objects.get(pk=issued.card.pk).closed_until

    for _person in range(50):
        card = make_card(make_villager(), keeper)
        visitor = Client(**address)
        scan(visitor, card)
        assert press(visitor, ASK, PICTURES).url == "/learn/"

    scan(attacker, issued)
    assert press(attacker, ASK, PICTURES).url == CARD
    assert not is_signed_in(attacker)


def test_flood_of_cards_from_one_address_is_bounded_but_a_station_is_not(keeper, issued, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "card": "2/10m/ip"}
    visitor = Client()
    answers = [visitor.post(CARD, {"number": issued.card.number}).status_code for _try in range(3)]

    assert answers == [302, 302, 429]
    assert press(visitor, ASK, PICTURES).status_code == 429
    station = at_station(keeper)
    scan(station, issued)
    assert press(station, ASK, PICTURES).url == "/learn/"


# Sheets


def test_sheet_shows_card_and_stub_to_whoever_made_it(client, villager, keeper):
    client.force_login(keeper)

    answer = client.post(ISSUE, {"person": [villager.uid, "nonsense"]})
    page = client.get(answer.url)

    text = page.content.decode()
    [card] = page.context["cards"]
    row = SignInCard.objects.get()
    assert "学**" in text
    assert spaced(row.number) in text
    assert card.place
    assert villager.id_number == "" or villager.id_number not in text
    assert client.get(answer.url).status_code == 200  # the printer jammed
    assert "no-store" in page.headers["Cache-Control"]
    other = make_keeper(username="keeper2")
    client.force_login(other)
    assert client.get(answer.url).status_code == 404


def test_sheet_qr_leads_to_the_card_page(client, issued):
    answer = scan(client, issued)

    assert answer.url == ASK
    assert parse_qs(urlsplit(answer.url).query) == {}


def test_sheet_for_many_is_one_page(client, keeper):
    people = [make_villager() for _person in range(3)]
    client.force_login(keeper)

    answer = client.post(ISSUE, {"person": [person.uid for person in people]})

    assert len(client.get(answer.url).context["cards"]) == 3


def test_sheet_without_anybody_says_so(client, keeper):
    client.force_login(keeper)

    page = client.post("/en" + ISSUE, {}, follow=True)

    assert "Nobody was chosen." in page.content.decode()


def test_sheet_leaves_out_staff_and_people_elsewhere(client, keeper, county):
    clerk = make_villager(learner=True)
    appoint(user=clerk.user, role=Appointment.Role.TOWN, region=county, since=timezone.localdate())
    stranger = make_villager(OTHER_VILLAGE)
    client.force_login(keeper)

    client.post(ISSUE, {"person": [clerk.uid, stranger.uid]})

    assert not SignInCard.objects.exists()


def test_sheet_is_gone_after_a_quarter_of_an_hour(client, villager, keeper):
    from django.core.cache import cache

    client.force_login(keeper)
    answer = client.post(ISSUE, {"person": villager.uid})
    cache.clear()

    assert client.get(answer.url).status_code == 404


def test_cards_are_issued_by_helpers_only(client, villager, trainee_user, instructor_user):
    assert client.post(ISSUE, {"person": villager.uid}).url.startswith("/account/login/")
    for user in (trainee_user, instructor_user):
        client.force_login(user)
        assert client.post(ISSUE, {"person": villager.uid}).status_code == 404
    assert not SignInCard.objects.exists()


def test_person_without_village_gets_her_card_from_the_home_county(client, office_user, keeper):
    person = PersonFactory()
    client.force_login(keeper)
    client.post(ISSUE, {"person": person.uid})
    assert not SignInCard.objects.exists()
    client.force_login(office_user)

    client.post(ISSUE, {"person": person.uid})

    assert SignInCard.objects.get().user == User.objects.get(person=person)
