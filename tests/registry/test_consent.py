from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from registry.errors import (
    ConsentDateWrong,
    ConsentGuardianMissing,
    ConsentItemNotInText,
    ConsentNotOwn,
    ConsentWitnessesMissing,
)
from registry.models import AuditAction, AuditEntry, Consent, ConsentItem
from registry.queries.consent import (
    consents_of,
    has_consent,
    open_consents,
    people_with_consent,
)
from registry.services import publish_consent_text
from tests.factories.privacy import make_person, make_user
from tests.registry.consent_sheets import DAY, NOW, TODAY, WORDS, consent_text, give


@pytest.fixture
def text(db):
    return consent_text()


@pytest.fixture
def person(db):
    return make_person(user=make_user())


@pytest.fixture
def keeper(db):
    return make_user()


def test_give_consent_opens_the_ticked_items_only(person, text):
    sheet = give(person, text, "id_matching", "success_story")

    assert set(open_consents(person)) == {"id_matching", "success_story"}
    assert (sheet.channel, sheet.given_on, sheet.ticked) == ("self", TODAY, ["id_matching", "success_story"])
    assert has_consent(person, "id_matching", TODAY)
    assert not has_consent(person, "photos_in_ledger", TODAY)
    assert not has_consent(person, "id_matching", TODAY - DAY)
    assert list(people_with_consent("success_story", TODAY)) == [person]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.person) == (AuditAction.CONSENT_GIVEN, person)
    assert entry.detail == {
        "items": ["id_matching", "success_story"],
        "channel": "self",
        "version": 7,
        "language": "zh-hans",
    }


def test_give_consent_to_nothing_is_an_answer_too(person, text):
    sheet = give(person, text)

    assert list(consents_of(person)) == [sheet]
    assert open_consents(person) == {}


def test_give_consent_twice_is_once(person, text):
    first = give(person, text, "id_matching")

    assert give(person, text, "id_matching", now=NOW + timedelta(seconds=1)) == first
    assert (Consent.objects.count(), ConsentItem.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


def test_give_consent_to_one_more_leaves_the_others(person, text):
    give(person, text, "id_matching")
    give(person, text, "id_matching", "success_story", now=NOW + DAY)

    assert {item: row.given_on for item, row in open_consents(person).items()} == {
        "id_matching": TODAY,
        "success_story": TODAY + DAY,
    }


def test_give_consent_without_a_tick_does_not_withdraw(person, text):
    give(person, text, "id_matching")
    give(person, text)

    assert has_consent(person, "id_matching", TODAY)


def test_give_consent_in_new_words_replaces_the_old(person, text):
    give(person, text, "id_matching")
    newer = publish_consent_text(version=8, language="zh-hans", introduction="新。", items=WORDS)
    give(person, newer, "id_matching", now=NOW + DAY)

    old, new = ConsentItem.objects.all()
    assert (old.ended_on, old.end, new.ended_on) == (TODAY + DAY, "replaced", None)
    assert new.consent.text == newer
    assert all(has_consent(person, "id_matching", TODAY + DAY * days) for days in (0, 1, 2))


def test_give_consent_on_paper_of_an_earlier_day(person, text, keeper):
    sheet = give(
        person,
        text,
        "id_matching",
        channel="paper",
        recorded_by=keeper,
        given_on=TODAY - DAY * 3,
        scan=ContentFile(b"scan", name="../../张三 身份证.jpg"),
    )

    assert has_consent(person, "id_matching", TODAY - DAY * 3)
    assert sheet.scan.name.startswith(f"consents/{sheet.uid}")
    with Consent.objects.get().scan.open() as scan:
        assert scan.read() == b"scan"


def test_give_consent_spoken_before_two_witnesses(person, text, keeper):
    give(person, text, "id_matching", channel="oral", recorded_by=keeper, witnesses=("学员乙", " 学员丙 "))

    assert Consent.objects.get().second_witness == "学员丙"


@pytest.mark.parametrize("witnesses", [("", ""), ("学员乙", ""), ("学员乙", "学员乙 ")])
def test_give_consent_spoken_without_two_witnesses_is_refused(person, text, keeper, witnesses):
    with pytest.raises(ConsentWitnessesMissing):
        give(person, text, "id_matching", channel="oral", recorded_by=keeper, witnesses=witnesses)


def test_give_consent_on_the_site_for_somebody_else_is_refused(person, text, keeper):
    with pytest.raises(ConsentNotOwn):
        give(person, text, "id_matching", recorded_by=keeper)
    with pytest.raises(ConsentNotOwn):
        give(make_person(), text, "id_matching", recorded_by=keeper)


def test_give_consent_ahead_of_today_is_refused(person, text):
    with pytest.raises(ConsentDateWrong):
        give(person, text, "id_matching", given_on=TODAY + DAY)


def test_give_consent_to_what_the_text_does_not_ask_is_refused(person, text):
    with pytest.raises(ConsentItemNotInText):
        give(person, text, "export_to_province")


@pytest.mark.parametrize("wrong", [{"channel": "pigeon"}, {"items": ["tea"]}])
def test_give_consent_of_an_unknown_kind_is_refused(person, text, wrong):
    with pytest.raises(ValueError, match="valid"):
        give(person, text, **wrong)


@pytest.mark.parametrize(("birth_year", "needs_guardian"), [(2013, True), (2012, True), (2011, False)])
def test_child_needs_a_guardian(text, birth_year, needs_guardian):
    child = make_person(user=make_user(), birth_year=birth_year)

    if needs_guardian:
        with pytest.raises(ConsentGuardianMissing):
            give(child, text, "id_matching")
    give(child, text, "id_matching", guardian="学员乙" if needs_guardian else "")

    assert has_consent(child, "id_matching", TODAY)
