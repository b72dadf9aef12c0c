"""Two officials at once: the database lets one merge after the other."""

import threading

import pytest
from django.db import connection

from registry.errors import MergeRefused
from registry.models import Person, PersonMerge
from registry.services import merge_people, unmerge_people
from tests.factories.registry import PersonFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*works):
    """Run functions in threads that start together; return what each gave or refused with."""
    start, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            start.wait()
            outcomes[number] = work()
        except MergeRefused as refusal:
            outcomes[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def merging(kept, absorbed, by):
    return lambda: merge_people(kept=kept, absorbed=absorbed, by=by, reason="同一人")


def test_same_merge_twice_at_once_is_one():
    by = UserFactory()
    for _round in range(5):
        one, other = PersonFactory(), PersonFactory()
        first, second = at_once(merging(one, other, by), merging(one, other, by))
        assert first == second

    assert PersonMerge.objects.count() == 5


def test_merges_in_a_ring_at_once_leave_no_chain():
    by = UserFactory()
    for _round in range(5):
        one, other, third = PersonFactory(), PersonFactory(), PersonFactory()
        at_once(merging(one, other, by), merging(other, third, by), merging(third, one, by))

    pointers = dict(Person.objects.filter(kept_as__isnull=False).values_list("pk", "kept_as"))
    assert not set(pointers) & set(pointers.values())
    assert len(pointers) == PersonMerge.objects.count() >= 5


def test_undoing_twice_at_once_is_once():
    one, other, by = PersonFactory(), PersonFactory(), UserFactory()
    merge = merge_people(kept=one, absorbed=other, by=by, reason="同一人")

    def undo():
        return unmerge_people(merge=PersonMerge.objects.get(pk=merge.pk), by=by, reason="认错了")

    outcomes = at_once(undo, undo)

    assert sum(isinstance(outcome, PersonMerge) for outcome in outcomes) == 1
    assert not Person.objects.filter(kept_as__isnull=False).exists()
