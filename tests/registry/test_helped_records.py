"""Helping somebody whose two records were made one: one person, one login, one card."""

from datetime import date

import pytest

from registry.models import SignInCard
from registry.queries.sign_in import people_to_help
from registry.services import cancel_card, issue_card, login_for, merge_people
from tests.factories.sign_in import make_villager

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def records(office_user):
    kept, absorbed = make_villager(name="学员甲"), make_villager(name="学员甲")
    card = issue_card(person=absorbed, by=office_user).card
    merge_people(kept=kept, absorbed=absorbed, by=office_user, reason="same woman")
    kept.refresh_from_db()
    return kept, absorbed, card


def test_list_names_her_once(records):
    assert list(people_to_help(["431125"], TODAY, name="学员甲")) == [records[0]]


def test_login_of_either_record_is_hers(records):
    kept, absorbed, card = records

    assert login_for(person=kept) == login_for(person=absorbed) == card.user


def test_card_of_either_record_is_cancelled(records, office_user):
    cancel_card(person=records[0], by=office_user)

    assert not SignInCard.objects.filter(cancelled_at=None).exists()
