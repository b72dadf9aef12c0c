import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from registry.models import (
    AuditAction,
    AuditEntry,
    Export,
    Person,
    PrivacyRequest,
    RetentionRule,
    RevealGrant,
    RosterImport,
    SentMessage,
)
from registry.services import add_cleaner, apply_retention, hold_retention, release_retention, reveal_phone
from registry.services import retention as service
from tests.factories.privacy import PHONE, make_officer, make_person, make_user, make_village
from tests.factories.registry import RosterImportFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2000)


@pytest.fixture
def old():
    """One of everything that has served its purpose, and a person who stays."""
    person = make_person(user=make_user(), village=make_village(), phone=PHONE)
    message = SentMessage(text="123456")
    message.phone = PHONE
    message.save()
    SentMessage.objects.update(sent_at=LONG_AGO)
    reveal_phone(actor=make_officer(person.village), person=person, reason="回访学员", now=LONG_AGO)
    for state, applied in (("applied", LONG_AGO), ("uploaded", None)):
        roster = RosterImportFactory(state=state, applied_at=applied, county=person.village)
        roster.file.save("a.xlsx", ContentFile(b"x"))
    RosterImport.objects.update(created_at=LONG_AGO)
    request = PrivacyRequest(
        person=person,
        kind="copy",
        asked_at=LONG_AGO,
        due_on=LONG_AGO.date(),
        state="granted",
        decided_at=LONG_AGO,
        copy_expires_at=LONG_AGO,
    )
    request.wish = "x"
    request.copy.save("c.zip", ContentFile(b"x"))
    export = Export(
        kind="k", has_people=False, purpose="other", purpose_text="x", asked_by=person.user, asked_at=LONG_AGO
    )
    export.state, export.expires_at = "ready", LONG_AGO
    export.file.save("e.xlsx", ContentFile(b"x"))
    return person


def files():
    return [
        file
        for file in [
            *(roster.file for roster in RosterImport.objects.all()),
            PrivacyRequest.objects.get().copy,
            Export.objects.get().file,
        ]
        if file
    ]


def test_old_goes_and_the_rest_stays(old, django_capture_on_commit_callbacks):
    kept = [(file.storage, file.name) for file in files()]

    with django_capture_on_commit_callbacks(execute=True):
        applied = apply_retention(now=NOW)

    removed = {subject: number for subject, number in applied.items() if number}
    assert removed == {
        "roster_files": 1,
        "abandoned_rosters": 1,
        "sent_messages": 1,
        "reveal_grants": 1,
        "export_files": 1,
        "data_copies": 1,
        "wishes": 1,
    }
    assert files() == []
    assert len(kept) == 4
    assert not [name for storage, name in kept if storage.exists(name)]
    assert (SentMessage.objects.count(), RevealGrant.objects.count()) == (0, 0)
    assert Export.objects.get().state == "expired"
    assert (Person.objects.count(), RosterImport.objects.count()) == (1, 2)
    entry = AuditEntry.objects.get(action=AuditAction.RETENTION_APPLIED)
    assert entry.detail == removed
    assert AuditEntry.objects.filter(action=AuditAction.PHONE_REVEALED).exists()


def test_again_removes_and_logs_nothing(old):
    apply_retention(now=NOW)

    assert not any(apply_retention(now=NOW).values())
    assert AuditEntry.objects.filter(action=AuditAction.RETENTION_APPLIED).count() == 1


def test_what_is_young_stays(old):
    day = LONG_AGO + timedelta(days=29)

    removed = apply_retention(now=day)

    assert (removed["sent_messages"], removed["reveal_grants"], removed["roster_files"]) == (0, 0, 0)
    assert (removed["export_files"], removed["data_copies"]) == (1, 1)


def test_rehearsal_counts_and_removes_nothing(old):
    rehearsed = apply_retention(is_rehearsal=True, now=NOW)

    assert len(files()) == 4
    assert not AuditEntry.objects.filter(action=AuditAction.RETENTION_APPLIED).exists()
    assert apply_retention(now=NOW) == rehearsed


def test_rollback_keeps_the_files(old, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        apply_retention(now=NOW)

    storage = Export.objects.get().file.storage
    assert storage.exists(f"exports/{Export.objects.get().uid}.xlsx")


def test_held_rule_removes_nothing_until_released(old):
    rule, chief = RetentionRule.objects.get(subject="sent_messages"), make_user()
    with pytest.raises(ValueError, match="reason"):
        hold_retention(rule=rule, by=chief, reason=" ")
    for _again in range(2):
        hold_retention(rule=rule, by=chief, reason="审计", now=NOW)

    assert "sent_messages" not in apply_retention(now=NOW)
    assert SentMessage.objects.exists()
    for _again in range(2):
        release_retention(rule=rule, by=chief, now=NOW)
    assert apply_retention(now=NOW)["sent_messages"] == 1
    actions = AuditEntry.objects.filter(actor=chief).order_by("seq").values_list("action", flat=True)
    assert list(actions) == [AuditAction.RETENTION_HELD, AuditAction.RETENTION_RELEASED]


def test_app_above_adds_its_cleaner(db, monkeypatch):
    monkeypatch.setattr(service, "_CLEANERS", {})
    seen = []
    add_cleaner("sign_in_photos", lambda before, is_rehearsal: seen.append(before) or 3)

    assert apply_retention(now=NOW) == {"sign_in_photos": 3}
    assert seen == [NOW - timedelta(days=1095)]


def test_command_says_what_it_did(old):
    out = StringIO()
    call_command("apply_retention", "--dry-run", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["applied"], answer["removed"]["sent_messages"]) == (False, 1)

    call_command("apply_retention", stdout=out)

    assert "sent_messages: 1" in out.getvalue()
    assert timezone.now() > LONG_AGO
    assert not SentMessage.objects.exists()
