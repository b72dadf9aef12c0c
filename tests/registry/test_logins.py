import pytest
from allauth.core import ratelimit
from django.urls import reverse

from registry.adapter import AccountAdapter
from registry.models import SentMessage, User
from registry.services import open_login
from tests.factories.registry import UserFactory
from tests.registry.way_in import LOGIN, PHONE, enter, is_signed_in

pytestmark = pytest.mark.django_db


def test_somebody_without_password_may_set_one_and_change_it(client):
    enter(client)
    assert client.get("/account/password/change/").url == "/account/password/set/"
    assert client.get("/account/password/set/").status_code == 200
    weak = client.post("/account/password/set/", {"password1": "12345678", "password2": "12345678"})
    assert weak.status_code == 200

    answer = client.post(
        "/account/password/set/", {"password1": "xiangyou-2026", "password2": "xiangyou-2026"}
    )

    assert answer.url == "/people/me/"
    assert is_signed_in(client)
    assert User.objects.get().check_password("xiangyou-2026")
    assert client.get("/account/password/change/").status_code == 200
    assert client.get("/account/reauthenticate/").status_code == 200


def test_signing_out_asks_first(client):
    client.force_login(UserFactory())

    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/account/logout/").url == "/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/account/signup/?next=/learn/", "/account/login/code/?next=/learn/"])
def test_other_doors_lead_to_the_one_page(client, path):
    assert client.get(path).url == f"{LOGIN}?next=/learn/"


@pytest.mark.parametrize("path", ["email/", "password/reset/", "confirm-email/", "phone/change/"])
def test_pages_that_need_an_email_address_do_not_exist(client, path):
    assert client.get(f"/account/{path}").status_code == 404


def test_account_page_shows_login_and_masked_number(client):
    assert client.get("/people/me/").url == f"{LOGIN}?next=/people/me/"
    enter(client)

    page = client.get("/people/me/").content.decode()

    assert "199****1234" in page
    assert "19900001234" not in page
    assert reverse("account_set_password") in page


def test_account_page_of_staff_shows_user_name(client):
    client.force_login(UserFactory(username="clerk"))

    assert "clerk" in client.get("/people/me/").content.decode()


def test_sign_in_page_is_small(client):
    page = client.get(LOGIN, headers={"Accept-Encoding": "gzip"})

    assert len(page.content) < 5_000


def test_short_password_is_refused_in_our_words(client):
    enter(client)

    answer = client.post("/en/account/password/set/", {"password1": "ab", "password2": "ab"})

    assert "Please take at least 8 characters." in answer.content.decode()


# The adapter's smaller answers


def test_open_login_is_idempotent():
    assert open_login(phone=PHONE) == open_login(phone=PHONE)


def test_adapter_keeps_phones_on_sealed_columns(rf):
    adapter = AccountAdapter(rf.get("/"))
    user = UserFactory()

    assert adapter.get_phone(user) is None
    adapter.set_phone(user, PHONE, False)
    user.refresh_from_db()
    assert adapter.get_phone(user) == (PHONE, False)
    adapter.set_phone_verified(user, PHONE)
    assert adapter.get_phone(User.objects.get()) == (PHONE, True)
    assert adapter.get_user_by_phone(PHONE) == user
    assert adapter.get_user_by_phone("+8619900000000") is None
    assert adapter.clean_phone("199-0000-1234") == PHONE


def test_adapter_never_writes_to_numbers_about_accounts(rf):
    adapter = AccountAdapter(rf.get("/"))

    adapter.send_unknown_account_sms(PHONE)
    adapter.send_account_already_exists_sms(PHONE)

    assert not SentMessage.objects.exists()


def test_rate_limit_keys_hold_no_number(rf):
    request = rf.post("/")
    assert ratelimit.consume(request, action="request_login_code", key=PHONE)

    from django.core.cache import cache

    keys = [key.decode() for key in cache._cache.get_client().keys("*")]
    assert keys
    assert not [key for key in keys if "1990000" in key]
