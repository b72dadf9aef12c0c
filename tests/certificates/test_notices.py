"""Holders are told by message, once, on their own proven number, in words that anybody may read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from certificates.models import Certificate, HolderNotice
from certificates.services import (
    answer_objection,
    decide_revocation,
    issue_to_class,
    object_to_revocation,
    order_certificates,
    propose_annulment,
    propose_revocation,
    reissue_certificate,
    sweep,
    tell_holders,
)
from registry import client
from registry.errors import MessageNotSent
from registry.models import Person, SentMessage
from registry.services.merging import merge_people
from tests.factories import courses as make
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued, noon
from tests.factories.registry import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued")]
NOW = noon("2026-05-04")


def holder(number="01", *, proven=True, **fields):
    user = make.make_user(f"学员{number}", phone=f"+86199000077{number}", phone_verified=proven)
    return EnrolmentFactory(completed=True, person__user=user, person__name="何某花", **fields)


def revoke(paper):
    revocation = propose_revocation(
        certificate=paper, reason="red_line", explanation="照片是别人的", by=UserFactory(), now=NOW
    )
    decide_revocation(revocation=revocation, is_granted=True, by=UserFactory(), now=NOW)
    revocation.refresh_from_db()
    return revocation


def send(now=NOW):
    return tell_holders(notice_ids=list(HolderNotice.objects.values_list("pk", flat=True)), now=now)


def occasions():
    return list(HolderNotice.objects.order_by("pk").values_list("occasion", flat=True))


def texts():
    return list(SentMessage.objects.order_by("pk").values_list("text", flat=True))


def test_she_is_told_of_the_issue_once(queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = issued(holder())

    assert ("certificates.tell_holders", [HolderNotice.objects.get().pk]) in queued
    assert [send(), send()] == [1, 0]
    assert len(texts()) == 1
    notice = HolderNotice.objects.get()
    assert (notice.certificate, notice.state, notice.sent_at) == (paper, "ready", NOW)
    assert SentMessage.objects.get().phone == "+8619900007701"


def test_message_names_neither_her_nor_the_course_nor_the_number():
    paper = issued(holder())
    revoke(paper)

    send()

    said = "".join(texts())
    assert said.startswith("村播学堂")
    for hidden in ("何某花", paper.printed["course_name"], paper.number, "照片"):
        assert hidden not in said


def test_only_her_own_proven_number_is_written_to():
    issued(holder(proven=False))
    listed = EnrolmentFactory(completed=True)
    listed.person.phone, listed.person.phone_owner = "+8619900007709", Person.PhoneOwner.OWN
    listed.person.save()
    issued(listed)

    assert occasions() == []


def test_record_that_was_merged_is_told_through_the_one_that_stands_for_her():
    paper = issued(EnrolmentFactory(completed=True, person__name="何某花"))
    merge_people(kept=holder().person, absorbed=paper.person, by=UserFactory(), reason="同一人")

    revoke(Certificate.objects.get(pk=paper.pk))

    assert send() == 1


def test_revocation_says_until_when_she_may_object():
    paper = issued(holder())
    HolderNotice.objects.all().delete()

    revoke(paper)
    send()

    assert occasions() == ["revoked"]
    assert "5月19日" in texts()[0]


def test_annulled_class_tells_every_holder():
    training_class = TrainingClassFactory(closed=True, taught=True)
    for number in ("01", "02", "03"):
        issued(holder(number, training_class=training_class))
    HolderNotice.objects.all().delete()
    rows = propose_annulment(training_class=training_class, explanation="课未开", by=UserFactory(), now=NOW)

    decide_revocation(revocation=rows[0], is_granted=True, by=UserFactory(), now=NOW)

    assert occasions() == ["revoked"] * 3
    assert send() == 3


def test_proposal_and_refusal_tell_nobody():
    paper = issued(holder())
    HolderNotice.objects.all().delete()
    revocation = propose_revocation(
        certificate=paper, reason="red_line", explanation="像", by=UserFactory(), now=NOW
    )

    decide_revocation(revocation=revocation, is_granted=False, by=UserFactory(), now=NOW)

    assert occasions() == []


def test_reissue_tells_of_the_newer_and_the_older_is_stale():
    paper = issued(holder())

    reissue_certificate(certificate=paper, reason="lost", by=UserFactory(), now=NOW)

    assert occasions() == ["issued", "reissued"]
    assert send() == 1
    assert HolderNotice.objects.get(occasion="issued").state == "failed"


@pytest.mark.parametrize(("is_upheld", "told"), [(True, "reissued"), (False, "answered")])
def test_answer_to_an_objection_is_told(is_upheld, told):
    revocation = revoke(issued(holder()))
    object_to_revocation(revocation=revocation, words="是我自己拍的", now=NOW)

    answer_objection(revocation=revocation, is_upheld=is_upheld, answer="核实", by=UserFactory(), now=NOW)

    assert occasions() == ["issued", "revoked", told]


def test_class_is_told_in_one_batch_with_few_queries(django_assert_max_num_queries):
    clerk = UserFactory()
    training_class = TrainingClassFactory(closed=True, taught=True)
    for number in range(10, 20):
        holder(str(number), training_class=training_class)
    run = order_certificates(training_class=training_class, kind="H", by=clerk, now=NOW)

    with django_assert_max_num_queries(40):  # four a certificate
        issue_to_class(run_id=run.pk, now=NOW)

    assert HolderNotice.objects.filter(occasion="issued").count() == 10


def test_refused_message_waits_and_the_sweep_sends_it(queued, monkeypatch):
    def refuse(**_values):
        raise MessageNotSent(reason="busy")

    issued(holder())
    HolderNotice.objects.update(asked_at=NOW)
    sent = client.send_notice
    monkeypatch.setattr(client, "send_notice", refuse)
    assert send() == 0
    monkeypatch.setattr(client, "send_notice", sent)
    notice = HolderNotice.objects.get()
    queued.clear()

    sweep(now=NOW + timedelta(minutes=3))

    assert ("certificates.tell_holders", [notice.pk]) in queued
    assert send(NOW + timedelta(minutes=3)) == 1


def test_nobody_is_told_without_a_template(settings):
    settings.SMS_PROVIDER, settings.SMS_CERTIFICATE_TEMPLATES = "aliyun", {"revoked": "SMS_3"}

    paper = issued(holder())
    revoke(paper)

    assert occasions() == ["revoked"]


def test_office_sees_when_the_holder_was_told(client):
    revocation = revoke(issued(holder()))
    client.force_login(UserFactory(is_superuser=True))
    address = reverse("certificate_revocation", args=[revocation.uid])
    before = client.get(address).content.decode()

    send(now=NOW + timedelta(minutes=1))

    assert "本人页面，2026-05-04 12:00" in before
    assert "短信" not in before
    assert "短信，2026-05-04 12:01" in client.get(address).content.decode()
