import time
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    user_id_to_str,
)
from django.urls import reverse
from django.utils import timezone

from registry.models import Person, PrivacyRequest, SentMessage
from registry.queries.places import version_by_code
from registry.services import make_data_copy, make_request
from registry.tasks import make_data_copy_task
from tests.factories.registry import PersonFactory

pytestmark = pytest.mark.django_db
NEW, PROVE = reverse("registry:request_new"), reverse("registry:prove")
DESK = reverse("request_list")


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(make_data_copy_task, "delay", lambda pk: None)


@pytest.fixture
def person(county):
    person = PersonFactory(learner=True, name="学员甲", village=version_by_code("431125103200").region)
    person.user.set_unusable_password()
    person.user.save()
    return person


@pytest.fixture
def mine(client, person):
    """A browser in which she signed in a moment ago."""
    return _signed_in(client, person.user, time.time())


@pytest.fixture
def office(client, office_user):
    client.force_login(office_user)
    return client


def _signed_in(client, user, at, method="code"):
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client


def ask(person, kind="correction", **asked):
    fields = {"field": "name", "wish": "学员乙"} if kind == "correction" else {}
    return make_request(person=person, by=person.user, kind=kind, **{**fields, **asked})


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "copy"},
        {"kind": "correction", "field": "phone", "wish": "13900000001"},
        {"kind": "deletion", "is_sure": "on"},
    ],
)
def test_she_asks_and_sees_it_on_her_page(mine, person, asked):
    assert mine.get(f"{NEW}?kind={asked['kind']}").status_code == 200

    assert mine.post(NEW, asked).url.endswith("/people/privacy/#requests")

    made = PrivacyRequest.objects.get()
    assert (made.person, made.kind, made.state) == (person, asked["kind"], "open")
    assert str(made.get_kind_display()) in mine.get(reverse("registry:privacy")).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"kind": "correction", "field": "phone"}, {"kind": "correction", "wish": "x"}, {"kind": "deletion"}],
)
def test_half_a_request_is_asked_again(mine, asked):
    assert mine.post(NEW, asked).context["form"].errors
    assert not PrivacyRequest.objects.exists()


@pytest.mark.parametrize(("age", "method"), [(6 * 60, "code"), (1, "assisted")])
def test_old_or_foreign_proof_leads_to_a_new_one(client, person, age, method):
    browser = _signed_in(client, person.user, time.time() - age, method)

    assert browser.get(f"{NEW}?kind=copy").url.startswith(f"{PROVE}?next=")
    assert browser.post(NEW, {"kind": "deletion", "is_sure": "on"}).url.startswith(PROVE)
    assert not PrivacyRequest.objects.exists()


def test_code_to_her_phone_proves_it(client, person, settings):
    settings.SMS_PROVIDER = "outbox"
    client.force_login(person.user)
    page = f"{PROVE}?next={NEW}%3Fkind%3Dcopy"
    client.get(page)
    assert not SentMessage.objects.exists()

    client.post(page)
    code = "".join(filter(str.isdigit, SentMessage.objects.get().text))[:6]
    assert client.post(page, {"code": "000000"}).context["form"].has_error("code")
    assert client.post(page, {"code": code}).url == f"{NEW}?kind=copy"

    assert client.get(f"{NEW}?kind=copy").status_code == 200


def test_code_is_good_for_five_tries(client, person, settings):
    settings.SMS_PROVIDER = "outbox"
    client.force_login(person.user)
    client.post(PROVE)
    code = "".join(filter(str.isdigit, SentMessage.objects.get().text))[:6]
    for _try in range(5):
        client.post(PROVE, {"code": "x"})

    assert client.post(PROVE, {"code": code}).status_code == 200


def test_password_is_asked_by_allauth_and_a_card_signs_in_again(client, person):
    person.user.set_password("cunbo-test")
    person.user.save()
    client.force_login(person.user)
    assert client.get(PROVE).url.startswith("/account/reauthenticate/?next=")
    person.user.set_unusable_password()
    person.user.phone = ""
    person.user.phone_verified = False
    person.user.save()
    client.force_login(person.user)

    assert reverse("account_logout") in client.get(PROVE).content.decode()


def test_copy_is_hers_until_it_expires(mine, person, client):
    made = ask(person, "copy")
    copy = reverse("registry:data_copy", args=[made.uid])
    assert mine.get(copy).status_code == 404
    make_data_copy(request_id=made.pk)

    fetched = mine.get(copy)
    assert fetched["Content-Disposition"].startswith("attachment")
    assert b"".join(fetched.streaming_content).startswith(b"PK")
    other = PersonFactory(learner=True)
    assert _signed_in(client, other.user, time.time()).get(copy).status_code == 404
    PrivacyRequest.objects.update(copy_expires_at=timezone.now() - timedelta(seconds=1))
    assert _signed_in(client, person.user, time.time()).get(copy).status_code == 404


def test_requests_need_a_login_and_a_person(client, trainee_user):
    assert client.get(f"{NEW}?kind=copy").url.startswith("/account/login/")
    browser = _signed_in(client, trainee_user, time.time())
    assert browser.get(f"{NEW}?kind=copy").status_code == 404
    assert browser.get(f"{NEW}?kind=tea").status_code == 404


# The office's desk


def test_office_corrects_and_refuses(office, person):
    correction, deletion = ask(person), ask(person, "deletion")

    page = office.get(DESK).content.decode()
    assert "15 / 15" in page
    decide = reverse("request_decide", args=[correction.uid])
    assert "学员乙" in office.get(decide).content.decode()
    assert office.post(decide, {"grant": "1", "value": "学员丙"}).url == DESK
    refuse = reverse("request_decide", args=[deletion.uid])
    assert office.post(refuse, {"refuse": "1"}).context["form"].has_error("reason")
    office.post(refuse, {"refuse": "1", "reason": "请本人来"})

    person.refresh_from_db()
    assert person.name == "学员丙"
    assert set(PrivacyRequest.objects.values_list("state", flat=True)) == {"granted", "refused"}


def test_office_deletes_for_good(office, person):
    page = reverse("request_decide", args=[ask(person, "deletion").uid])

    assert "desk__actions" in office.get(page).content.decode()
    office.post(page, {"grant": "1"})

    assert Person.objects.get(pk=person.pk).name == ""


def test_wrong_value_is_said_at_its_field(office, person):
    page = reverse("request_decide", args=[ask(person, field="phone", wish="12").uid])

    assert office.post(page, {"grant": "1", "value": "12"}).context["form"].has_error("value")
    assert PrivacyRequest.objects.get().state == "open"


def test_overdue_request_says_so(office, person):
    made = ask(person)
    PrivacyRequest.objects.filter(pk=made.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    assert "desk__late" in office.get(DESK).content.decode()


def test_foreign_office_and_others_find_nothing(client, person, foreign_office_user, instructor_user):
    made = ask(person)
    page = reverse("request_decide", args=[made.uid])

    assert client.get(DESK).status_code == 302
    client.force_login(foreign_office_user)
    assert "学员甲" not in client.get(DESK).content.decode()
    assert client.get(page).status_code == 404
    assert client.post(page, {"grant": "1", "value": "x"}).status_code == 404
    client.force_login(instructor_user)
    assert (client.get(DESK).status_code, client.get(page).status_code) == (404, 404)


def test_desk_takes_the_same_queries_for_one_and_three(office, person, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(40) as seen:
            office.get(DESK)
        return len(seen)

    ask(person)
    queries()
    with_one = queries()
    ask(person, field="sex", wish="男")
    ask(person, "deletion")

    assert queries() == with_one
