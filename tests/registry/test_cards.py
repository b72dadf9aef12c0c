from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
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
from tests.factories.sign_in import (
    PICTURES,
    VILLAGE,
    make_card,
    make_villager,
)

WRONG = ["moon", "sun", "key"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def villager(keeper):
    return make_villager(name="学员甲")


@pytest.fixture
def issued(villager, keeper):
    return make_card(villager, keeper)


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
