import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.utils import timezone

from registry import second_factor
from registry.models import Appointment, AuditEntry, User
from registry.services import add_staff, appoint, reset_second_factor, set_demo_second_factor
from tests.factories.registry import AppointmentFactory, UserFactory
from tests.registry.way_in import PHONE, enter, is_signed_in

STAFF, SET_UP = "/account/staff/", "/account/second-factor/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


@pytest.fixture
def armed_user(office_user):
    """The official with an app of her own."""
    totp.TOTP.activate(office_user, SECRET)
    return office_user


def app_code(secret=SECRET):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def give_password(client, login="office", after="/county/"):
    return client.post(f"{STAFF}?next={after}", {"login": login, "password": "cunbo-test"})


# Password


def test_staff_sign_in_with_user_name_and_password(client, office_user):
    answer = client.post("/account/staff/?next=/county/", {"login": "office", "password": "cunbo-test"})

    assert answer.url == "/county/"
    assert is_signed_in(client)


def test_staff_without_phone_is_not_stopped_by_phone_stage(client):
    UserFactory(username="clerk")

    client.post("/account/staff/", {"login": "clerk", "password": "cunbo-test"})

    assert is_signed_in(client)


def test_number_with_a_password_may_sign_in_with_it(client):
    UserFactory(phone=PHONE, phone_verified=True)

    client.post("/account/staff/", {"login": "199 0000 1234", "password": "cunbo-test"})

    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["office", "nobody", "19900001234"])
def test_wrong_password_is_refused(client, office_user, login):
    answer = client.post("/en/account/staff/", {"login": login, "password": "wrong"})

    assert answer.status_code == 200
    assert "do not fit together" in answer.content.decode()


def test_staff_guessing_is_stopped(client, office_user):
    for _try in range(5):
        client.post("/account/staff/", {"login": "office", "password": "wrong"})

    answer = client.post("/en/account/staff/", {"login": "office", "password": "cunbo-test"})

    assert "Too many wrong tries." in answer.content.decode()
    assert not is_signed_in(client)


def test_admin_login_is_the_one_door(client, armed_user):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/staff/?next=")
    assert client.post("/admin/login/", {"username": "office", "password": "cunbo-test"}).status_code == 405
    assert not is_signed_in(client)


def test_admin_without_the_right_to_it_leads_away_once(client, trainee_user):
    client.force_login(trainee_user)

    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == "/people/me/"
    assert answer.status_code == 200


# The second factor


def test_second_factor_is_asked_after_the_password(client, armed_user):
    asked = give_password(client)
    assert (
        asked.url == "/account/second-factor/code/?next=%2Fcounty%2F"
        or asked.url == "/account/second-factor/code/"
    )
    assert not is_signed_in(client)
    page = client.get(asked.url).content.decode()
    assert "data-demo-code" not in page

    answer = client.post(asked.url, {"code": app_code()})

    assert answer.url == "/county/"
    assert client.get("/county/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_second_factor_wrong_code_is_refused(client, armed_user):
    asked = give_password(client)
    wrong = "000000" if app_code() != "000000" else "111111"

    answer = client.post("/en" + asked.url, {"code": wrong})

    assert "This code does not fit." in answer.content.decode()
    assert not is_signed_in(client)


def test_second_factor_is_asked_after_a_code_to_the_phone_too(client, armed_user):
    armed_user.phone = PHONE
    armed_user.phone_verified = True
    armed_user.save()

    assert enter(client).url.startswith("/account/second-factor/code/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/county/", "/learn/marking/", "/admin/", "/learn/", "/people/me/"])
def test_second_factor_owed_leads_everywhere_to_the_set_up(client, office_user, path):
    give_password(client)

    assert client.get(path).url.startswith(SET_UP)
    assert client.get("/").status_code != 302


def test_second_factor_is_owed_from_the_moment_of_a_role(client, county):
    user = UserFactory(username="new")
    give_password(client, "new", "/learn/")
    assert client.get("/learn/").status_code == 200

    appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=timezone.localdate())

    assert client.get("/county/").url.startswith(SET_UP)


@pytest.mark.password_only
@pytest.mark.parametrize(
    "path", ["/county/", "/county/export.xlsx", "/learn/marking/", "/admin/", "/admin/rosters/"]
)
@pytest.mark.parametrize("kind", ["appointment", "superuser", "staff"])
def test_second_factor_guards_staff_pages_against_every_other_session(client, path, kind):
    user = UserFactory(is_superuser=kind == "superuser", is_staff=kind == "staff")
    if kind == "appointment":
        AppointmentFactory(user=user)
    client.force_login(user)

    assert client.get(path).url.startswith(SET_UP)
    assert client.post(path).url == SET_UP


@pytest.mark.password_only
def test_second_factor_is_nothing_to_a_trainee(client, trainee_user, django_assert_num_queries):
    client.force_login(trainee_user)

    assert client.get("/learn/").status_code == 200
    assert client.get("/county/").status_code == 404


def test_second_factor_is_set_up_with_an_app(client, office_user):
    give_password(client)
    page = client.get("/en/account/second-factor/?next=/county/").content.decode()
    assert "set up a second proof" in page
    form = client.get("/account/second-factor/app/")
    secret = form.context["form"].secret
    assert client.post("/account/second-factor/app/", {"code": "12"}).status_code == 200

    answer = client.post("/account/second-factor/app/", {"code": app_code(secret)})

    codes = client.get(answer.url)
    assert answer.url == "/account/second-factor/recovery/"
    assert codes.context["onward"] == "/county/"
    assert len(codes.context["unused_codes"]) == 10
    assert codes.context["unused_codes"][0] in codes.content.decode()
    assert set(client.get(answer.url).context["unused_codes"]) == {"****"}
    assert client.get("/county/").status_code == 200
    kept = Authenticator.objects.get(user=office_user, type="totp").data["secret"]
    assert secret not in kept


def test_second_factor_set_up_needs_the_password(client, office_user):
    """A code to the phone alone opens a session, but adds no proof to a staff login."""
    office_user.phone = PHONE
    office_user.phone_verified = True
    office_user.save()
    enter(client)

    answer = client.get("/account/second-factor/app/")

    assert answer.url.startswith("/account/reauthenticate/")


def test_second_factor_set_up_of_a_login_without_password_waits_for_one(client, office_user):
    office_user.phone = PHONE
    office_user.phone_verified = True
    office_user.set_unusable_password()
    office_user.save()
    enter(client)

    assert client.get("/account/second-factor/app/").url == SET_UP
    assert client.get("/account/second-factor/keys/add/").url == SET_UP
    assert client.get("/account/password/set/").url.startswith(SET_UP)
    assert "has no password yet" in client.get("/en" + SET_UP).content.decode()


def test_second_factor_set_up_after_a_role_was_given_waits_for_a_password_too(client, county):
    """A session by card or code, of a login without password, that has become a clerk's meanwhile."""
    enter(client)
    user = User.objects.get()
    appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=timezone.localdate())

    assert client.get("/county/").url.startswith(SET_UP)
    assert client.get("/account/second-factor/app/").url == SET_UP


def test_recovery_code_opens_once(client, armed_user):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(armed_user).get_unused_codes()[0]

    answers = []
    for _time in range(2):
        asked = give_password(client)
        answers.append(client.post(asked.url, {"code": code}).status_code)
        client.post("/account/logout/")

    assert answers == [302, 200]


def test_last_factor_cannot_be_taken_away(client, armed_user):
    client.post(give_password(client).url, {"code": app_code()})

    page = client.get("/en/account/second-factor/app/remove/")
    client.post("/account/second-factor/app/remove/")

    assert "This is your last proof." in page.content.decode()
    assert second_factor.has_second_factor(armed_user.pk)


def test_key_page_offers_what_the_browser_needs(client, armed_user):
    client.post(give_password(client).url, {"code": app_code()})

    page = client.get("/account/second-factor/keys/add/").content.decode()

    assert '"creation_options"' in page
    assert "mfa/js/webauthn.js" in page
    assert client.post("/account/second-factor/keys/add/", {"credential": "{}"}).status_code == 200


def test_reset_second_factor_is_logged_and_leads_to_the_set_up(client, armed_user):
    reset_second_factor(user=armed_user, by=None, reason="phone lost")

    give_password(client)

    assert client.get("/county/").url.startswith(SET_UP)
    entry = AuditEntry.objects.get(action="second_factor_reset")
    assert entry.detail == {"user": str(armed_user.uid), "reason": "phone lost"}


def test_reset_second_factor_command(armed_user, capsys):
    call_command("reset_second_factor", "office", reason="phone lost")

    assert not second_factor.has_second_factor(armed_user.pk)
    assert "office" in capsys.readouterr().out


# The demo


def test_demo_account_is_shown_its_code(client, county):
    user = add_staff(
        username="demo", display_name="示例", password="cunbo-test", role="office", region=county,
        since=timezone.localdate(),
    )  # fmt: skip
    set_demo_second_factor(user=user)
    set_demo_second_factor(user=user)

    for _visitor in range(2):  # the same half minute: each code is good once
        asked = give_password(client, "demo")
        page = client.get(asked.url).content.decode()
        code = re.search(r"data-demo-code>(\d{6})<", page)[1]
        assert client.post(asked.url, {"code": code}).url == "/county/"
        client.post("/account/logout/")


def test_demo_secret_opens_nothing_outside_the_demo(client, office_user, settings):
    set_demo_second_factor(user=office_user)
    settings.DEMO = False

    asked = give_password(client)

    assert "data-demo-code" not in client.get(asked.url).content.decode()
    assert client.post(asked.url, {"code": app_code(second_factor.DEMO_SECRET)}).status_code == 200
    assert not is_signed_in(client)
    with pytest.raises(ValueError, match="public"):
        set_demo_second_factor(user=UserFactory())


def test_demo_factor_leaves_an_own_factor_alone(armed_user):
    set_demo_second_factor(user=armed_user)

    assert Authenticator.objects.get(user=armed_user).wrap().validate_code(app_code())


def test_clock_half_a_minute_off_is_forgiven(client, armed_user):
    asked = give_password(client)
    code = app_code()

    with time_machine.travel(time.time() + 30, tick=False):
        assert client.post(asked.url, {"code": code}).status_code == 302
    assert User.objects.get(pk=armed_user.pk).last_login
