"""What becomes of a certificate after it was issued."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from certificates.errors import NotInThisState, SecondPersonNeeded, UnprintableText
from certificates.models import Certificate, CertificateShare, Revocation
from certificates.queries import certificate_by_number
from certificates.queries.people import my_papers, open_share, shared_certificate
from certificates.services import (
    answer_objection,
    decide_revocation,
    end_sharing,
    object_to_revocation,
    propose_annulment,
    propose_revocation,
    reissue_certificate,
    render_certificate,
    share_certificate,
)
from courses.errors import DutiesMustDiffer
from courses.models import ClassDuty
from courses.services import take_duty
from registry.models import AuditEntry, Person
from registry.signals import person_erased
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-05-04")


@pytest.fixture
def paper(queued):
    return issued(EnrolmentFactory(completed=True, person__name="学员甲"))


def proposed(paper, **changes):
    values = {"reason": "red_line", "explanation": "照片是别人的", "by": UserFactory()} | changes
    return propose_revocation(certificate=paper, now=NOW, **values)


def revoked(paper):
    revocation = proposed(paper)
    decide_revocation(revocation=revocation, is_granted=True, by=UserFactory(), now=NOW)
    revocation.refresh_from_db()
    return revocation


def test_revoking_takes_two_people_and_is_dated(paper):
    revocation = proposed(paper)

    with pytest.raises(SecondPersonNeeded):
        decide_revocation(revocation=revocation, is_granted=True, by=revocation.proposed_by, now=NOW)
    assert decide_revocation(revocation=revocation, is_granted=True, by=UserFactory(), now=NOW) == 1

    paper.refresh_from_db()
    assert (paper.state, paper.state_reason, paper.state_since) == ("revoked", "red_line", NOW)
    actions = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))[-2:]
    assert actions == ["certificate_revocation_proposed", "certificate_revoked"]


def test_database_itself_wants_two_people(paper):
    revocation = proposed(paper)

    with pytest.raises(IntegrityError, match="two_people_revoke"), transaction.atomic():
        Revocation.objects.filter(pk=revocation.pk).update(state="done", decided_by=revocation.proposed_by)


def test_refused_proposal_leaves_the_paper_and_may_come_again(paper):
    decide_revocation(revocation=proposed(paper), is_granted=False, by=UserFactory(), now=NOW)

    paper.refresh_from_db()
    assert paper.state == "valid"
    assert proposed(paper)


def test_second_proposal_and_second_decision_are_refused(paper):
    revocation = proposed(paper)
    with pytest.raises(NotInThisState):
        proposed(paper)
    decide_revocation(revocation=revocation, is_granted=True, by=UserFactory(), now=NOW)
    with pytest.raises(NotInThisState):
        decide_revocation(revocation=revocation, is_granted=False, by=UserFactory(), now=NOW)


def test_revoked_paper_never_comes_back_in_the_database(paper):
    revoked(paper)

    with pytest.raises(DatabaseError, match="does not come back"), transaction.atomic():
        Certificate.objects.filter(pk=paper.pk).update(state="valid", state_reason="")


def test_holder_is_told_and_objects_within_fifteen_days(paper):
    revocation = revoked(paper)
    mine = my_papers(paper.person, NOW)[0]
    assert (mine.may_object, mine.revocation) == (True, revocation)

    object_to_revocation(revocation=revocation, words="照片是我拍的", now=NOW + timedelta(days=15))

    revocation.refresh_from_db()
    assert (revocation.state, revocation.objection) == ("objected", "照片是我拍的")
    with pytest.raises(NotInThisState):
        object_to_revocation(revocation=revocation, words="再说一次", now=NOW)


def test_objection_after_fifteen_days_is_too_late(paper):
    revocation = revoked(paper)
    late = NOW + timedelta(days=15, seconds=1)

    assert not my_papers(paper.person, late)[0].may_object
    with pytest.raises(NotInThisState):
        object_to_revocation(revocation=revocation, words="迟了", now=late)


@pytest.mark.parametrize(("is_upheld", "state"), [(True, "reinstated"), (False, "confirmed")])
def test_objection_is_answered_by_another(paper, is_upheld, state):
    revocation = object_to_revocation(revocation=revoked(paper), words="是我", now=NOW)
    answer = {"revocation": revocation, "is_upheld": is_upheld, "answer": "已核实", "now": NOW}

    with pytest.raises(SecondPersonNeeded):
        answer_objection(by=revocation.proposed_by, **answer)
    newer = answer_objection(by=UserFactory(), **answer)

    revocation.refresh_from_db()
    paper.refresh_from_db()
    assert (revocation.state, paper.state) == (state, "revoked")
    assert (newer is not None) is is_upheld
    current = certificate_by_number(paper.number)
    assert (current.version, current.state) == ((2, "valid") if is_upheld else (1, "revoked"))


def test_annulled_class_ends_all_its_papers_at_once(queued):
    training_class = TrainingClassFactory()
    papers = [issued(EnrolmentFactory(completed=True, training_class=training_class)) for _ in range(3)]
    other = issued(EnrolmentFactory(completed=True))
    reissue_certificate(certificate=papers[0], reason="lost", by=UserFactory(), now=NOW)

    rows = propose_annulment(training_class=training_class, explanation="冒名", by=UserFactory(), now=NOW)
    assert decide_revocation(revocation=rows[1], is_granted=True, by=UserFactory(), now=NOW) == 3

    states = Certificate.objects.filter(training_class=training_class).values_list("version", "state")
    assert sorted(states) == [(1, "replaced"), (1, "revoked"), (1, "revoked"), (2, "revoked")]
    other.refresh_from_db()
    assert other.state == "valid"


def test_reissue_keeps_number_and_seat_and_prints_that_it_is_one(paper):
    newer = reissue_certificate(certificate=paper, reason="lost", by=UserFactory(), now=NOW)

    paper.refresh_from_db()
    assert (paper.state, paper.state_reason) == ("replaced", "lost")
    assert (newer.number, newer.seat, newer.version) == (paper.number, paper.seat, 2)
    assert newer.printed == paper.printed | {"reissued_on": "2026-05-04"}


def test_corrected_name_is_taken_from_the_record(paper):
    Person.objects.filter(pk=paper.person_id).update(name="学员贾")

    lost = reissue_certificate(certificate=paper, reason="lost", by=UserFactory(), now=NOW)
    corrected = reissue_certificate(certificate=lost, reason="corrected", by=UserFactory(), now=NOW)

    assert (lost.printed["name"], corrected.printed["name"]) == ("学员甲", "学员贾")
    assert corrected.version == 3


def test_reissue_is_refused_for_what_ended_or_is_about_to(paper):
    proposed(paper)
    with pytest.raises(NotInThisState):
        reissue_certificate(certificate=paper, reason="lost", by=UserFactory(), now=NOW)


def test_reissue_names_a_character_without_a_glyph(paper):
    Person.objects.filter(pk=paper.person_id).update(name="学\ue000")

    with pytest.raises(UnprintableText), transaction.atomic():
        reissue_certificate(certificate=paper, reason="corrected", by=UserFactory(), now=NOW)

    paper.refresh_from_db()
    assert paper.state == "valid"


def test_a14_marker_of_the_class_does_not_reissue(paper):
    marker = UserFactory()
    take_duty(training_class=paper.training_class, duty=ClassDuty.Duty.ENTER, by=marker, now=NOW)

    with pytest.raises(DutiesMustDiffer):
        reissue_certificate(certificate=paper, reason="lost", by=marker, now=NOW)


@pytest.fixture
def printed(paper, signing, private_files):
    render_certificate(certificate_id=paper.pk)
    paper.refresh_from_db()
    return paper


def test_shared_link_shows_the_paper_until_it_ends(printed):
    by = UserFactory()
    share = share_certificate(certificate=printed, by=by, now=NOW)

    assert shared_certificate(share.token, NOW + timedelta(days=89)) == printed
    assert shared_certificate(share.token, NOW + timedelta(days=91)) is None
    assert end_sharing(certificate=printed, by=by, now=NOW) is True
    assert shared_certificate(share.token, NOW) is None
    assert end_sharing(certificate=printed, by=by, now=NOW) is False


def test_new_link_ends_the_old_one(printed):
    old = share_certificate(certificate=printed, by=UserFactory(), now=NOW)
    new = share_certificate(certificate=printed, by=UserFactory(), now=NOW)

    assert shared_certificate(old.token, NOW) is None
    assert open_share(printed, NOW) == new


def test_deleted_login_ends_links_and_leaves_the_paper_verifiable(printed):
    share_certificate(certificate=printed, by=UserFactory(), now=NOW)

    person_erased.send(sender=Person, person=printed.person)

    assert not CertificateShare.objects.filter(ended_at=None).exists()
    assert certificate_by_number(printed.number).state == "valid"


def test_revoked_paper_cannot_be_shared(printed):
    revoked(printed)

    with pytest.raises(NotInThisState):
        share_certificate(certificate=printed, by=UserFactory(), now=NOW)
