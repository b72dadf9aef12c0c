"""Merging two records and undoing it: who stands for whom, what is refused, what is kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from registry.errors import (
    MergeAlreadyDone,
    MergeContradicts,
    MergeIsBuiltUpon,
    MergeReasonMissing,
    MergeSamePerson,
    MergeUndoneAlready,
)
from registry.models import AuditAction, AuditEntry, Consent, DuplicateDecision, Person, PersonMerge
from registry.queries.consent import consents_of, has_consent, open_consents, people_with_consent
from registry.queries.people import person_by_id_number, person_of, records_of, root_of, village_of
from registry.queries.status import status_on
from registry.services import (
    apply_file,
    decide_pair,
    give_consent,
    merge_people,
    publish_consent_text,
    unmerge_people,
    withdraw_consent,
)
from tests.factories.registry import (
    HouseholdFactory,
    MembershipFactory,
    PersonFactory,
    RegionVersionFactory,
    StatusPeriodFactory,
    UserFactory,
    id_number,
)
from tests.registry.roster_files import row, write_roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def office():
    return UserFactory(username="official")


@pytest.fixture
def join(office):
    """Merge two records; return the merge."""

    def merge(kept, absorbed, reason="同一人"):
        return merge_people(kept=kept, absorbed=absorbed, by=office, reason=reason)

    return merge


@pytest.fixture
def part(office):
    """Undo a merge."""

    def unmerge(merge, reason="认错了"):
        return unmerge_people(merge=merge, by=office, reason=reason)

    return unmerge


def pointers():
    return dict(Person.objects.filter(kept_as__isnull=False).values_list("pk", "kept_as"))


def test_merge_points_and_moves_nothing(join, office):
    kept, absorbed = PersonFactory(rostered=True), PersonFactory(learner=True)

    merge = join(kept, absorbed)

    absorbed.refresh_from_db()
    assert (root_of(absorbed), root_of(kept)) == (kept, kept)
    assert set(records_of(absorbed)) == set(records_of(kept)) == {kept, absorbed}
    assert (merge.by, merge.reason, merge.repointed, merge.is_undone) == (office, "同一人", [], False)
    entry = AuditEntry.objects.get(action=AuditAction.PEOPLE_MERGED)
    assert (entry.actor, entry.person, entry.detail["absorbed"]) == (office, kept, absorbed.pk)


def test_both_logins_see_the_same_person(join):
    kept, absorbed = PersonFactory(learner=True), PersonFactory(learner=True)

    join(kept, absorbed)

    assert person_of(absorbed.user) == person_of(kept.user) == kept


def test_merge_again_is_the_same_merge(join):
    kept, absorbed = PersonFactory(), PersonFactory()

    assert join(kept, absorbed) == join(kept, absorbed)
    assert AuditEntry.objects.filter(action=AuditAction.PEOPLE_MERGED).count() == 1


def test_merge_of_a_root_takes_its_records_along_and_back(join, part):
    first, second, third = PersonFactory.create_batch(3)
    inner = join(second, first)

    outer = join(third, second)

    assert outer.repointed == [first.pk]
    assert pointers() == {first.pk: third.pk, second.pk: third.pk}
    with pytest.raises(MergeIsBuiltUpon):
        part(inner)
    part(outer)
    assert pointers() == {first.pk: second.pk}
    part(inner)
    assert pointers() == {}


def test_unmerge_logs_and_happens_once(join, part, office):
    merge = join(PersonFactory(), PersonFactory())

    undone = part(merge)

    assert (undone.undone_by, undone.undone_reason, undone.is_undone) == (office, "认错了", True)
    assert AuditEntry.objects.filter(action=AuditAction.MERGE_UNDONE).count() == 1
    with pytest.raises(MergeUndoneAlready):
        part(merge)


def test_merge_after_an_undone_one_is_a_new_one(join, part):
    kept, absorbed = PersonFactory(), PersonFactory()
    first = join(kept, absorbed)
    part(first)

    assert join(absorbed, kept) != first
    assert PersonMerge.objects.count() == 2


def test_merge_is_refused_by_name(join, part):
    one, other, third = PersonFactory.create_batch(3)

    with pytest.raises(MergeSamePerson):
        join(one, one)
    with pytest.raises(MergeReasonMissing):
        join(one, other, reason="  ")
    merge = join(one, other)
    with pytest.raises(MergeSamePerson):
        join(other, one)
    with pytest.raises(MergeAlreadyDone):
        join(third, other)
    with pytest.raises(MergeAlreadyDone):
        join(other, third)
    with pytest.raises(MergeReasonMissing):
        part(merge, reason="")


def test_two_checked_cards_are_two_people(join):
    checked = {"rostered": True, "identity_level": Person.IdentityLevel.CHECKED}
    one, other, declared = PersonFactory(**checked), PersonFactory(**checked), PersonFactory()
    join(declared, other)

    with pytest.raises(MergeContradicts):
        join(one, other if other.kept_as_id else declared)

    corrected = PersonFactory(rostered=True)
    assert join(one, corrected)


def test_database_refuses_chains_loops_and_rewriting_the_log(join):
    one, other, third = PersonFactory.create_batch(3)
    merge = join(one, other)

    for record, target in [(one, third), (third, other), (third, third)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=record.pk).update(kept_as=target)
    for sql in [
        "UPDATE registry_personmerge SET reason = 'x' WHERE id = %s",
        "DELETE FROM registry_personmerge WHERE id = %s",
    ]:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [merge.pk])


def test_decision_is_kept_with_who_and_when_and_may_change(office):
    one, other = PersonFactory(), PersonFactory()
    now = timezone.now()

    decide_pair(first=other, second=one, verdict="later", by=office, now=now - timedelta(days=1))
    decide_pair(first=one, second=other, verdict="different", by=office, now=now)

    decision = DuplicateDecision.objects.get()
    assert (decision.first, decision.second, decision.by, decision.at) == (one, other, office, now)
    assert decision.verdict == "different"
    with pytest.raises(ValueError, match="maybe"):
        decide_pair(first=one, second=other, verdict="maybe", by=office)
    merge_people(kept=one, absorbed=other, by=office, reason="同一人")
    other.refresh_from_db()
    with pytest.raises(MergeSamePerson):
        decide_pair(first=one, second=other, verdict="different", by=office)


def test_status_of_any_record_counts(join):
    rostered, own = PersonFactory(rostered=True), PersonFactory(learner=True)
    household = HouseholdFactory()
    MembershipFactory(person=rostered, household=household)
    StatusPeriodFactory(household=household)

    assert not status_on(own, DAY).is_registered
    join(own, rostered)
    assert status_on(own, DAY).is_registered


def test_import_of_an_absorbed_number_counts_for_who_stands_for_her(county, tmp_path, join):
    path = write_roster(tmp_path / "roster.xlsx", [row(1)])
    apply_file(path=path, county=county, as_of=date(2025, 6, 30))
    listed, own = person_by_id_number(id_number(1)), PersonFactory(learner=True)
    join(own, listed)

    newer = write_roster(tmp_path / "newer.xlsx", [row(1, 脱贫属性="未脱贫", 户编号="0009")])
    counts = apply_file(path=newer, county=county, as_of=date(2025, 12, 31)).plan.counts()

    assert counts["persons"] == {"created": 0, "matched": 1, "suggested": 0}
    assert person_by_id_number(id_number(1)) == own
    assert status_on(own, DAY).is_registered
    assert Person.objects.count() == 2


def test_village_is_that_of_the_newest_roster(join):
    here, there = RegionVersionFactory().region, RegionVersionFactory().region
    own, listed = PersonFactory(village=here), PersonFactory(village=there, listed_on=date(2026, 1, 1))
    join(own, listed)

    assert village_of(own) == there
    assert village_of(PersonFactory(village=here)) == here
    assert village_of(PersonFactory()) is None


@pytest.fixture
def text():
    items = dict.fromkeys(Consent.Item.values, "愿意")
    return publish_consent_text(version=9, language="zh-hans", introduction="说明", items=items)


@pytest.fixture
def agree(text, office):
    def give(person, on=DAY, now=None):
        return give_consent(
            person=person, text=text, items=["success_story"], channel="paper", recorded_by=office,
            given_on=on, now=now,
        )  # fmt: skip

    return give


def holds(person, on=DAY):
    listed = people_with_consent("success_story", on).filter(pk=root_of(person).pk).exists()
    assert listed == has_consent(person, "success_story", on)
    return listed


def test_consent_of_either_record_is_hers_until_taken_back_on_either(join, part, agree, office):
    one, other = PersonFactory(), PersonFactory()
    agree(one, date(2026, 3, 1))
    agree(other, date(2026, 4, 1))
    withdraw_consent(
        person=other, items=["success_story"], channel="paper", recorded_by=office,
        withdrawn_on=date(2026, 5, 1),
    )  # fmt: skip

    merge = join(one, other)
    other.refresh_from_db()

    assert holds(one, date(2026, 3, 15))
    assert not holds(one)
    assert open_consents(one) == {}
    assert consents_of(other).count() == 2
    part(merge)
    one.refresh_from_db()
    assert holds(one)


def test_consent_given_after_the_withdrawal_holds(join, agree, office):
    one, other = PersonFactory(), PersonFactory()
    agree(one, date(2026, 3, 1))
    agree(other, date(2026, 3, 1))
    withdraw_consent(
        person=other, items=["success_story"], channel="paper", recorded_by=office,
        withdrawn_on=date(2026, 5, 1),
    )  # fmt: skip
    join(one, other)

    agree(one)

    assert holds(one)
    assert set(open_consents(one)) == {"success_story"}


def test_withdrawal_ends_what_is_open_on_every_record(join, agree, office):
    one, other = PersonFactory(), PersonFactory()
    agree(one)
    agree(other)
    join(one, other)

    withdrawn = withdraw_consent(
        person=one, items=["success_story"], channel="paper", recorded_by=office, withdrawn_on=DAY
    )

    assert withdrawn == ["success_story"]
    assert not holds(one)
    assert not holds(one, DAY + timedelta(days=9))


def test_second_login_withdraws_for_herself(join, agree):
    one, other = PersonFactory(), PersonFactory(learner=True)
    agree(one)
    join(one, other)

    withdraw_consent(person=one, items=["success_story"], channel="self", recorded_by=other.user)

    assert not has_consent(one, "success_story", timezone.localdate())
