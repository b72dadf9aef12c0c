import itertools
import random
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from certificates.addresses import verify_address, verify_page
from certificates.attempts import MOST
from certificates.models import Certificate
from certificates.services import render_certificate
from certificates.signatures import check_text, is_check_text
from registry.models import Appointment, User
from registry.services import appoint
from tests.factories.certificates import EnrolmentFactory, issued, noon, place
from tests.forging import with_other_character

pytestmark = pytest.mark.django_db
UNKNOWN = "H431125-2026-0012-0037-H"


@pytest.fixture
def visitor():
    """A browser whose address nobody has used, since attempts are counted by address."""
    return Client(REMOTE_ADDR=f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}")


@pytest.fixture
def certificate():
    return issued(EnrolmentFactory(completed=True, person__name="学员甲", training_class__year=2026))


def check(client, number, name_end):
    return client.post("/verify/", {"number": number, "name_end": name_end})


def user_of(person):
    person.user = User.objects.create_user(f"trainee-{person.pk}")
    person.save()
    return person.user


def staff(code, role=Appointment.Role.OFFICE):
    user = User.objects.create_user(f"staff-{code}-{role}")
    appoint(user=user, role=role, region=place(code).region, since=noon("2020-01-01").date())
    return user


def test_form_is_open_to_everybody_and_to_no_search_engine(visitor):
    response = visitor.get("/verify/")

    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name_end", ["员甲", "学员甲", " 员 甲 "])
def test_certificate_is_verified_with_number_and_name(visitor, certificate, name_end):
    response = check(visitor, certificate.number.lower().replace("-", " "), name_end)

    text = response.content.decode()
    assert response.status_code == 200
    assert "学**" in text
    assert "学员甲" not in text
    for printed in [
        certificate.number,
        "农产品包装",
        "1972",
        "85.5",
        "江永县电子商务公共服务中心",
        "notice--ok",
    ]:
        assert printed in text
    assert certificate.printed["class_label"] in text
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_certificate_is_shown_in_english(visitor, certificate):
    response = visitor.post("/en/verify/", {"number": certificate.number, "name_end": "员甲"})

    text = response.content.decode()
    assert "Packaging farm produce" in text
    assert "This certificate is genuine and valid." in text


def without_form_values(response, *values):
    text = response.content.decode()
    for value in values:
        text = text.replace(value, "")
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return text.replace(token, "")


def test_unknown_number_and_wrong_name_get_the_same_answer(visitor, certificate):
    wrong_name = check(visitor, certificate.number, "员乙")
    unknown = check(visitor, UNKNOWN, "员乙")

    assert wrong_name.status_code == unknown.status_code == 404
    assert without_form_values(wrong_name, f'value="{certificate.number}"') == without_form_values(
        unknown, f'value="{UNKNOWN}"'
    )


@pytest.mark.parametrize("name_end", ["甲", "员", "学员", "·", "员甲甲"])
def test_name_that_does_not_end_so_is_refused(visitor, certificate, name_end):
    assert check(visitor, certificate.number, name_end).status_code == 404


@pytest.mark.parametrize(
    ("name", "name_end"), [("卯", "卯"), ("阿依古丽・买买提", "买提"), ("学员𬭎", "员𬭎")]
)
def test_short_dotted_and_rare_names_are_found(visitor, name, name_end):
    certificate = issued(EnrolmentFactory(completed=True, person__name=name))

    assert check(visitor, certificate.number, name_end).status_code == 200


@pytest.mark.parametrize(
    ("number", "name_end"),
    [
        ("", ""),
        ("nonsense", "员甲"),
        ("H431125-2026-0012-0037-J", "员甲"),
        ("\x00", "\x00"),
        ("9" * 99, "员甲"),
    ],
)
def test_bad_input_gets_a_clear_answer(visitor, number, name_end):
    response = check(visitor, number, name_end)

    assert response.status_code == 200
    assert "field__error" in response.content.decode()


def test_every_altered_character_of_a_number_is_refused(visitor, certificate):
    altered = with_other_character(certificate.number)

    assert "field__error" in check(visitor, altered, "员甲").content.decode()


def test_scanned_code_answers_without_a_name(visitor, certificate):
    address = urlsplit(verify_address(certificate.number, 1))

    response = visitor.get(f"{address.path}?{address.query}")

    assert response.status_code == 200
    assert "学**" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("code", ["", "AAAAAAAAAAAA", "\x00", "é"])
def test_scanned_code_with_a_wrong_signature_is_as_unknown(visitor, certificate, code):
    wrong = visitor.get(f"/verify/{certificate.number}/", {"k": code})
    unknown = visitor.get(f"/verify/{UNKNOWN}/", {"k": code})
    nonsense = visitor.get("/verify/nonsense/", {"k": code})

    assert wrong.status_code == unknown.status_code == nonsense.status_code == 404
    assert "学**" not in wrong.content.decode()


def test_addresses_on_paper_have_no_language():
    with translation.override("en"):
        assert verify_page().endswith("/verify/")
        assert "/en/" not in verify_address(UNKNOWN, 1)


def test_check_text_belongs_to_one_number_and_version():
    texts = {check_text(number, version) for number, version in itertools.product([UNKNOWN, "x"], [1, 2])}

    assert len(texts) == 4
    assert all(len(text) == 12 and text.isalnum() for text in texts)
    assert is_check_text(check_text(UNKNOWN, 1).lower(), UNKNOWN, 1)
    assert not is_check_text(check_text(UNKNOWN, 1), UNKNOWN, 2)


@pytest.mark.parametrize(
    ("state", "reason", "css", "said"),
    [
        ("revoked", Certificate.Reason.FALSE_ATTENDANCE, "notice--error", "revoked"),
        ("replaced", Certificate.Reason.LOST, "notice--warning", "replaced"),
    ],
)
def test_ended_certificate_says_so_with_date_and_reason(visitor, certificate, state, reason, css, said):
    Certificate.objects.filter(pk=certificate.pk).update(
        state=state, state_reason=reason, state_since=noon("2026-05-04")
    )

    response = visitor.post("/en/verify/", {"number": certificate.number, "name_end": "员甲"})

    text = response.content.decode()
    assert css in text
    assert said in text
    assert "May 4, 2026" in text
    assert str(reason.label) in text
    assert "notice--ok" not in text


def test_twentyfirst_check_from_one_address_must_wait(visitor, certificate):
    for _ in range(MOST):
        assert check(visitor, UNKNOWN, "员甲").status_code == 404

    late = check(visitor, certificate.number, "员甲")
    late_scan = visitor.get(f"/verify/{certificate.number}/", {"k": check_text(certificate.number, 1)})
    other = check(Client(REMOTE_ADDR="192.0.2.9"), certificate.number, "员甲")

    assert (late.status_code, late_scan.status_code, other.status_code) == (429, 429, 200)
    assert late["Retry-After"] == "600"
    assert "学**" not in late.content.decode()


def test_check_costs_few_queries(visitor, certificate, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        check(visitor, certificate.number, "员甲")


@pytest.fixture
def printed(certificate, signing):
    render_certificate(certificate_id=certificate.pk, now=noon("2026-03-28"))
    certificate.refresh_from_db()
    return certificate


def test_owner_downloads_her_certificate(client, printed):
    client.force_login(user_of(printed.person))

    response = client.get(reverse("certificates:download", args=[printed.uid]))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert f"{printed.number}.pdf" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("431125", Appointment.Role.OFFICE, 200),
        ("4311", Appointment.Role.OFFICE, 200),
        ("431125", Appointment.Role.CERTIFICATE_CLERK, 200),
        ("431129", Appointment.Role.OFFICE, 404),
        ("431125100", Appointment.Role.OFFICE, 404),
        ("431125", Appointment.Role.INSTRUCTOR, 404),
    ],
)
def test_staff_downloads_in_their_region_only(client, printed, code, role, status):
    client.force_login(staff(code, role))

    response = client.get(reverse("certificates:download", args=[printed.uid]))

    assert response.status_code == status
    response.close()


def test_stranger_and_unknown_certificate_look_the_same(client, printed):
    client.force_login(user_of(EnrolmentFactory().person))

    assert client.get(reverse("certificates:download", args=[printed.uid])).status_code == 404
    assert client.get("/verify/file/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_certificate_that_is_not_printed_yet_cannot_be_downloaded(client, certificate):
    client.force_login(user_of(certificate.person))

    assert client.get(reverse("certificates:download", args=[certificate.uid])).status_code == 404


@pytest.mark.parametrize("path", ["/verify/mine/", "/verify/file/00000000-0000-4000-8000-000000000000/"])
def test_anonymous_visitor_signs_in_first(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_my_certificates_shows_mine_only(client, printed):
    issued(EnrolmentFactory(completed=True, training_class__course__name="手机拍摄"))
    client.force_login(user_of(printed.person))

    text = client.get("/verify/mine/").content.decode()

    assert printed.number in text
    assert reverse("certificates:download", args=[printed.uid]) in text
    assert "手机拍摄" not in text


@pytest.mark.parametrize("has_person", [True, False])
def test_my_certificates_without_any_says_so(client, has_person):
    client.force_login(user_of(EnrolmentFactory().person) if has_person else staff("431125"))

    page = client.get("/verify/mine/").content.decode()
    assert "empty" in page
    assert '<a class="button" href="/learn/">' in page


def test_my_certificates_costs_the_same_for_one_and_three(client, printed, django_assert_num_queries):
    client.force_login(user_of(printed.person))
    client.get("/verify/mine/")

    with django_assert_num_queries(4):
        client.get("/verify/mine/")
    for _ in range(2):
        issued(EnrolmentFactory(completed=True, person=printed.person))
    with django_assert_num_queries(4):
        client.get("/verify/mine/")
