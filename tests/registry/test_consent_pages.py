import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from registry.models import AuditAction, AuditEntry, Consent
from registry.queries.consent import current_consent_text, has_consent, open_consents
from registry.queries.places import version_by_code
from registry.scans import MOST_MEGABYTES
from registry.services import give_consent
from tests.factories.registry import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
MINE, SWITCH = reverse("registry:privacy"), reverse("registry:consent_switch")
ITEM = "phone_follow_up"


@pytest.fixture
def person(county):
    return PersonFactory(learner=True, village=version_by_code("431125103200").region)


@pytest.fixture
def mine(client, person):
    client.force_login(person.user)
    return client


@pytest.fixture
def office(client, office_user):
    client.force_login(office_user)
    return client


def desk_of(person):
    return reverse("consent_desk", args=[person.uid])


def picture():
    content = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(content, "PNG")
    return SimpleUploadedFile("../../x.exe", content.getvalue(), content_type="text/html")


def pdf(words=b""):
    return SimpleUploadedFile("a.pdf", b"%PDF-1.4\n" + words + b"\n%%EOF")


def sheet(**changes):
    return {"channel": "paper", "on": "2026-01-05", "items": [ITEM], "scan": picture(), **changes}


# Her own page


def test_nothing_is_on_before_she_says_so(mine, person):
    text = mine.get(MINE).content.decode()

    assert text.count('aria-checked="false"') == len(Consent.Item)
    assert 'aria-checked="true"' not in text
    assert open_consents(person) == {}


def test_one_press_agrees_and_one_takes_back(mine, person):
    mine.post(SWITCH, {"item": ITEM, "agree": "1"})
    assert has_consent(person, ITEM, timezone.localdate())
    page = mine.get(MINE).content.decode()
    assert page.count('aria-checked="true"') == 1

    mine.post(SWITCH, {"item": ITEM, "agree": "0"})

    assert not has_consent(person, ITEM, timezone.localdate())
    assert list(AuditEntry.objects.order_by("seq").values_list("action", flat=True)) == [
        AuditAction.CONSENT_GIVEN,
        AuditAction.CONSENT_WITHDRAWN,
    ]


def test_switch_says_what_it_changes_and_keeps_the_way_on(mine):
    answer = mine.post(f"/en{SWITCH}", {"item": ITEM, "agree": "0", "next": "/learn/"})

    assert answer.url == f"/en{MINE}?next=%2Flearn%2F#{ITEM}"
    page = mine.get(answer.url).content.decode()
    assert "Your number is on no list of calls." in page
    assert 'href="/learn/"' in page


@pytest.mark.parametrize("item", ["", "tea"])
def test_switch_of_an_unknown_item_is_not_there(mine, item):
    assert mine.post(SWITCH, {"item": item, "agree": "1"}).status_code == 404


def test_child_is_led_to_her_guardian(mine, person):
    person.birth_year = timezone.localdate().year - 12
    person.save()

    mine.post(SWITCH, {"item": ITEM, "agree": "1"})

    assert open_consents(person) == {}
    assert "disabled" in mine.get(MINE).content.decode()


def test_asked_once_after_registering(client, county):
    client.force_login(UserFactory(trainee=True))

    answer = client.post(f"{reverse('registry:register')}?next=/learn/", {"name": "学员甲"})

    assert answer.url == f"{MINE}?next=%2Flearn%2F"
    assert not Consent.objects.exists()


def test_page_needs_a_login_and_a_person(client, trainee_user):
    assert client.get(MINE).status_code == 302
    assert client.post(SWITCH, {"item": ITEM}).status_code == 302
    client.force_login(trainee_user)
    assert "/people/register/" in client.get(MINE).content.decode()
    assert client.post(SWITCH, {"item": ITEM, "agree": "1"}).status_code == 404


def test_page_takes_few_queries(mine, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        mine.get(MINE)


# The staff's page


def test_paper_is_recorded_with_its_sheet(office, person, office_user):
    assert office.post(desk_of(person), sheet()).url == desk_of(person)

    kept = Consent.objects.get()
    assert (kept.channel, kept.given_on, kept.recorded_by) == ("paper", date(2026, 1, 5), office_user)
    assert set(open_consents(person)) == {ITEM}
    scan = office.get(reverse("consent_scan", args=[kept.uid]))
    assert scan["Content-Type"] == "image/jpeg"
    assert "attachment" in scan["Content-Disposition"]
    assert b"".join(scan.streaming_content).startswith(b"\xff\xd8")


def test_plain_pdf_is_kept_as_it_is(office, person):
    office.post(desk_of(person), sheet(scan=pdf()))

    scan = office.get(reverse("consent_scan", args=[Consent.objects.get().uid]))
    assert scan["Content-Type"] == "application/pdf"
    assert b"".join(scan.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "scan",
    [
        SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", content_type="image/jpeg"),
        pdf(b"/OpenAction << /JavaScript >>"),
        SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * (MOST_MEGABYTES * 1024 * 1024)),
        SimpleUploadedFile("a.png", b""),
    ],
)
def test_sheet_of_another_content_is_refused(office, person, scan):
    scan.seek(0)
    page = office.post(desk_of(person), sheet(scan=scan))

    assert page.context["form"].has_error("scan")
    assert not Consent.objects.exists()


def test_paper_without_its_sheet_is_refused(office, person):
    values = sheet()
    del values["scan"]

    assert office.post(desk_of(person), values).context["form"].has_error("scan")


def test_spoken_consent_needs_two_witnesses(office, person):
    spoken = {"channel": "oral", "on": "2026-01-05", "items": [ITEM], "first_witness": "学员乙"}

    page = office.post(desk_of(person), spoken)
    assert page.context["form"].has_error("second_witness")
    office.post(desk_of(person), {**spoken, "second_witness": "学员丙"})

    assert Consent.objects.get().second_witness == "学员丙"


def test_child_needs_her_guardian_on_paper(office, person):
    person.birth_year = 2016
    person.save()

    assert office.post(desk_of(person), sheet()).context["form"].has_error("guardian")
    office.post(desk_of(person), sheet(guardian="学员丁", scan=picture()))

    assert Consent.objects.get().guardian == "学员丁"


def test_staff_record_that_she_takes_it_back(office, person):
    office.post(desk_of(person), sheet())
    page = reverse("consent_withdraw", args=[person.uid])

    assert office.post(page, {"items": ["success_story"], "channel": "oral"}).status_code == 200
    assert office.post(page, {"items": [ITEM], "channel": "oral"}).url == desk_of(person)

    assert open_consents(person) == {}


def test_foreign_office_and_others_find_nothing(client, person, foreign_office_user, instructor_user):
    kept = give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=[ITEM],
        channel="self",
        recorded_by=person.user,
    )
    pages = [desk_of(person), reverse("consent_scan", args=[kept.uid])]

    assert [client.get(page).status_code for page in pages] == [302, 302]
    for user in (foreign_office_user, instructor_user):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [404, 404]
        assert client.post(desk_of(person), sheet()).status_code == 404
        withdrawing = reverse("consent_withdraw", args=[person.uid])
        assert client.post(withdrawing, {"items": [ITEM], "channel": "oral"}).status_code == 404
    assert set(open_consents(person)) == {ITEM}
