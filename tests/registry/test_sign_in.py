import re
from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import SentMessage, User
from registry.services.sign_in import forget_unproven_users, user_by_phone, user_for_phone
from tests.factories.registry import PersonFactory, UserFactory

LOGIN = "account_login"
REQUEST = "account_request_login_code"
CONFIRM = "account_confirm_login_code"
PHONE = "+8619900001234"


def ask(client, phone="199 0000 1234", **values):
    return client.post(reverse(REQUEST), {"phone": phone, **values})


def last_code():
    return re.search(r"\d{6}", SentMessage.objects.first().text)[0]


def enter(client, code, **values):
    return client.post(reverse(CONFIRM), {"code": code, "action": "verify", **values})


@pytest.mark.django_db
def test_unknown_number_signs_up_by_the_code_alone(client):
    assert ask(client).url == reverse(CONFIRM)
    assert "199****1234" in client.get(reverse(CONFIRM)).content.decode()

    response = enter(client, last_code())

    user = User.objects.get()
    assert get_user(client) == user
    assert (user.phone, user.phone_verified, user.has_usable_password()) == (PHONE, True, False)
    assert response.url == reverse("registry:link_person") + "?next=%2F"


@pytest.mark.django_db
def test_known_number_signs_in_to_the_same_login_and_goes_where_it_was_going(client):
    person = PersonFactory(learner=True)

    ask(client, person.user.phone, next="/verify/")
    response = enter(client, last_code(), next="/verify/")

    assert get_user(client) == person.user
    assert response.url == "/verify/"
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_known_and_unknown_number_get_the_same_answer():
    UserFactory(trainee=True, phone="+8619900005555")
    answers = [ask(Client(), phone) for phone in ("19900005555", "19900006666")]

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, reverse(CONFIRM))}
    assert SentMessage.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "12345", "abc", "0746-5722222", "1" * 500])
def test_bad_number_is_answered_at_its_field(client, phone):
    response = ask(client, phone)

    assert response.status_code == 200
    assert response.context["form"].errors["phone"]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_wrong_code_may_be_tried_five_times(client):
    ask(client)
    wrong = "000000" if last_code() != "000000" else "111111"

    for _try in range(4):
        assert enter(client, wrong).status_code == 200
    assert enter(client, wrong).url == reverse(REQUEST)

    assert enter(client, last_code()).url == reverse(REQUEST)
    assert not get_user(client).is_authenticated


@pytest.mark.django_db
def test_code_can_be_sent_again(client):
    ask(client)

    assert client.post(reverse(CONFIRM), {"action": "resend"}).url == reverse(CONFIRM)

    assert SentMessage.objects.count() == 2
    enter(client, last_code())
    assert get_user(client).is_authenticated


@pytest.mark.django_db
def test_somebody_else_at_the_same_device_starts_afresh(client):
    ask(client)
    assert 'name="next" value="/account/login/"' in client.get(reverse(CONFIRM)).content.decode()

    assert client.post(reverse("account_logout"), {"next": reverse(LOGIN)}).url == reverse(LOGIN)
    assert client.get(reverse(LOGIN)).status_code == 200
    ask(client, "19900007777")
    enter(client, last_code())

    assert get_user(client).phone == "+8619900007777"


@pytest.mark.django_db
def test_one_number_cannot_be_flooded():
    ask(Client())

    response = ask(Client())

    assert response.context["form"].errors["phone"]
    assert SentMessage.objects.count() == 1


@pytest.mark.django_db
def test_one_number_gets_only_so_many_codes_a_day(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "send_code": "1/d/key"}
    ask(client)

    response = client.post(reverse(CONFIRM), {"action": "resend"}, follow=True)

    assert len(response.context["messages"]) == 1
    assert SentMessage.objects.count() == 1
    enter(client, last_code())
    assert get_user(client).is_authenticated


@pytest.mark.django_db
def test_fifty_people_behind_one_station_all_get_their_code():
    for n in range(50):
        assert ask(Client(), f"1990000{n:04d}").status_code == 302

    assert SentMessage.objects.count() == 50


@pytest.mark.django_db
def test_silent_provider_is_answered_in_words(client, monkeypatch):
    from registry.client import OutboxClient
    from registry.errors import MessageNotSent

    def fail(self, phone, code):
        raise MessageNotSent(reason="timeout")

    monkeypatch.setattr(OutboxClient, "send_code", fail)

    response = client.post(reverse(REQUEST), {"phone": "19900001234"}, follow=True)

    assert response.status_code == 200
    assert "timeout" not in response.content.decode()
    assert len(response.context["messages"]) == 1


@pytest.mark.django_db
def test_staff_sign_in_with_user_name_and_password(client, office_user):
    page = client.get(reverse(LOGIN)).content.decode()
    assert page.index('name="phone"') < page.index('name="password"')

    response = client.post(reverse(LOGIN), {"login": "office", "password": "cunbo-test"})

    assert response.url == "/"
    assert get_user(client) == office_user


@pytest.mark.django_db
def test_wrong_password_opens_the_staff_part_with_an_error(client, office_user):
    response = client.post(reverse(LOGIN), {"login": "office", "password": "wrong"})

    assert response.status_code == 200
    assert "<details" in response.content.decode()
    assert "open" in response.content.decode()
    assert not get_user(client).is_authenticated


@pytest.mark.django_db
def test_login_without_password_cannot_be_opened_with_one(client):
    user_for_phone(PHONE)

    client.post(reverse(LOGIN), {"login": PHONE, "password": "anything"})

    assert not get_user(client).is_authenticated


@pytest.mark.django_db
def test_sign_up_page_points_to_signing_in(client):
    assert reverse(LOGIN) in client.get(reverse("account_signup")).content.decode()


@pytest.mark.django_db
def test_confirm_without_request_goes_back_to_the_start(client):
    assert client.get(reverse(CONFIRM)).url == reverse(REQUEST)


@pytest.mark.django_db
def test_sign_out(client, trainee_user):
    client.force_login(trainee_user)
    assert client.get(reverse("account_logout")).status_code == 200

    client.post(reverse("account_logout"))

    assert not get_user(client).is_authenticated


@pytest.mark.django_db
def test_user_for_phone_is_one_login_a_number():
    assert user_for_phone(PHONE) == user_for_phone(PHONE)
    assert user_by_phone("+8619900009999") is None


def test_forget_unproven_users_spares_everybody_else(office_user, trainee_user):
    old = user_for_phone(PHONE)
    User.objects.update(date_joined=timezone.now() - timedelta(days=2))
    fresh = user_for_phone("+8619900004321")

    assert forget_unproven_users() == 1

    assert set(User.objects.all()) == {office_user, trainee_user, fresh}
    assert old not in User.objects.all()


@pytest.mark.django_db
def test_adapter_keeps_numbers_sealed():
    user = UserFactory()
    adapter = get_adapter()

    assert adapter.get_phone(user) is None
    adapter.set_phone(user, PHONE, verified=False)
    assert adapter.get_phone(user) == (PHONE, False)
    assert adapter.get_user_by_phone(PHONE) == user
    adapter.set_phone_verified(user, PHONE)
    assert adapter.get_phone(user) == (PHONE, True)
    assert PHONE.encode() not in bytes(User.objects.get().phone_sealed)


@pytest.mark.django_db
def test_outbox_shows_messages_newest_first_with_masked_numbers(client):
    ask(Client())
    ask(Client(), "19900007777")

    page = client.get(reverse("registry:outbox"))

    assert [message.phone for message in page.context["sent"]] == ["+8619900007777", PHONE]
    assert "199****7777" in page.content.decode()
    assert "19900007777" not in page.content.decode()


@pytest.mark.django_db
def test_outbox_exists_in_the_demo_only(client, settings):
    assert client.get(reverse("registry:outbox")).status_code == 200
    settings.DEMO = False
    settings.SMS_PROVIDER = "aliyun"

    assert client.get(reverse("registry:outbox")).status_code == 404
    assert reverse("registry:outbox") not in client.get(reverse(LOGIN)).content.decode()
