from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from county.queries import count
from courses.models import Attendance, Enrolment, Submission, SubmissionFile
from registry.models import AuditAction, AuditEntry, Membership, Person, User
from registry.private_files import private_storage
from registry.queries.consent import current_consent_text, open_consents
from registry.queries.places import version_by_code
from registry.services import (
    erase_person,
    give_consent,
    grant_request,
    issue_card,
    make_request,
    merge_people,
)
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued, noon
from tests.factories.privacy import ID_NUMBER, PHONE
from tests.factories.registry import HouseholdFactory, MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(county):
    version = version_by_code("431125103200")
    user = UserFactory(trainee=True, display_name="学员甲")
    person = PersonFactory(
        name="学员甲", id_number=ID_NUMBER, phone=PHONE, user=user, village=version.region, phone_owner="own"
    )
    MembershipFactory(person=person, household=HouseholdFactory(county=county), number="01", relation="户主")
    training_class = TrainingClassFactory(county=county, closed=True)
    EnrolmentFactory(
        person=person,
        training_class=training_class,
        village_version=version,
        completed=True,
        minutes=1080,
        was_registered=True,
    )
    give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=["success_story"],
        channel="self",
        recorded_by=user,
    )
    return person


def figures():
    return count("431125", noon("2026-01-01").date(), noon("2026-12-01").date(), by="village")


def test_counts_and_the_check_page_stay_as_they_were(client, person, office_user):
    certificate = issued(Enrolment.objects.get())
    asked = {"number": certificate.number, "name_end": "员甲"}

    def public():
        return client.post(reverse("certificates:verify"), asked).context["facts"]

    before, checked = figures(), public()

    erase_person(person=person, by=office_user)

    assert figures() == before
    assert before.total.heads == 1
    assert public() == checked
    assert Attendance.objects.exists()


def test_nothing_leads_back_to_her(person, office_user):
    user, uid = person.user, person.uid
    erase_person(person=person, by=office_user)

    person = Person.objects.get(uid=uid)
    assert (person.name, person.name_key, person.user) == ("", "", None)
    assert (person.id_number_sealed, person.id_number_hash, person.phone_sealed, person.phone_hash) == (
        None,
    ) * 4
    assert (person.sex, person.birth_year, person.identity_level) == ("F", 1990, 0)
    login = User.objects.get(pk=user.pk)
    assert (login.username, login.display_name) == (f"erased-{login.uid}", "")
    assert (login.phone_sealed, login.phone_hash, login.is_active) == (None, None, False)
    assert not login.has_usable_password()
    kept = Membership.objects.get()
    assert (kept.number, kept.relation) == ("", "")
    assert open_consents(person) == {}


def test_open_session_ends(client, person, office_user):
    client.force_login(person.user)
    erase_person(person=person, by=office_user)

    assert client.get(reverse("registry:privacy")).status_code == 302


def test_erasing_is_logged_once_without_her_name(person, office_user):
    for _again in range(2):
        erase_person(person=person, by=office_user)

    entry = AuditEntry.objects.get(action=AuditAction.PERSON_ERASED)
    assert (entry.person, entry.actor, entry.detail) == (person, office_user, {})


def test_granted_deletion_forgets_her_words(person, office_user):
    made = make_request(person=person, by=person.user, kind="correction", field="phone", wish=PHONE)
    deletion = make_request(person=person, by=person.user, kind="deletion")

    grant_request(privacy_request=deletion, by=office_user, reason="本人申请")

    made.refresh_from_db()
    deletion.refresh_from_db()
    assert (made.wish_sealed, deletion.state) == (None, "granted")
    assert Person.objects.get(pk=person.pk).name == ""


def test_her_photos_go_and_the_marks_stay(person, office_user, django_capture_on_commit_callbacks):
    work = Submission.objects.create(
        enrolment=Enrolment.objects.get(),
        lesson_key=uuid4(),
        task_key="final",
        attempt=1,
        client_token=uuid4(),
        note="我的箱子",
        handed_in_at=timezone.now(),
    )
    photo = SubmissionFile(
        submission=work, kind="photo", suffix=".jpg", sha256="0" * 64, bytes=3, state="ready"
    )
    photo.file.save("a.jpg", ContentFile(b"abc"))
    name = photo.file.name

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=person, by=office_user)

    work.refresh_from_db()
    assert work.note == ""
    assert not SubmissionFile.objects.exists()
    assert not private_storage().exists(name)


def test_every_record_of_hers_is_emptied_and_no_card_is_left(person, office_user):
    twin = PersonFactory(name="学员甲", phone="+8619900000088", village=person.village)
    card = issue_card(person=person, by=office_user).card
    merge_people(kept=person, absorbed=twin, by=office_user, reason="same woman")

    erase_person(person=person, by=office_user)
    erase_person(person=person, by=office_user)

    twin.refresh_from_db()
    card.refresh_from_db()
    assert (twin.name, twin.phone, twin.kept_as_id) == ("", "", person.pk)
    assert card.cancelled_by == office_user
    assert AuditEntry.objects.filter(action=AuditAction.PERSON_ERASED).count() == 2
