import pytest

from county.lists import for_the_province, to_call, trained
from registry.errors import ExportTooLong
from registry.list_kinds import ListQuestion, list_kind
from registry.models import Person
from registry.queries.consent import current_consent_text
from registry.services import give_consent, withdraw_consent
from tests.factories.certificates import EnrolmentFactory, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
MARCH = noon("2026-03-01").date(), noon("2026-03-31").date()


@pytest.fixture
def people(make_class, village):
    training_class = make_class()
    found = []
    for name in ("学员甲", "学员乙"):
        enrolment = EnrolmentFactory(
            training_class=training_class,
            village_version=village,
            minutes=45,
            person__name=name,
            person__user=UserFactory(),
        )
        found.append(enrolment.person)
    return found


def names(rows, **changes):
    asked = {"region_code": "431125", "since": MARCH[0], "until": MARCH[1], "most": 100, **changes}
    return [cells[0] for _person, cells in rows(ListQuestion(**asked))]


def agree(person, item):
    text = current_consent_text("zh-hans")
    give_consent(person=person, text=text, items=[item], channel="self", recorded_by=person.user)


def test_trained_list_holds_everybody_counted(people):
    assert sorted(names(trained)) == ["学员乙", "学员甲"]
    assert names(trained, region_code="431129") == []
    assert names(trained, until=noon("2026-03-30").date()) == []


@pytest.mark.parametrize(
    ("rows", "item"), [(to_call, "phone_follow_up"), (for_the_province, "export_to_province")]
)
def test_list_holds_only_who_agrees_today(people, rows, item):
    assert names(rows) == []
    agree(people[0], item)
    assert names(rows) == ["学员甲"]

    withdraw_consent(person=people[0], items=[item], channel="self", recorded_by=people[0].user)

    assert names(rows) == []


def test_consent_filter_does_not_hide_that_the_list_is_cut(people):
    with pytest.raises(ExportTooLong):
        names(for_the_province, most=1)


def test_lists_are_offered_and_hold_no_poverty_status(people):
    Person.objects.update(identity_level=3)
    kind = list_kind("province")

    assert kind.has_people
    assert len(kind.headings) == 7
    assert list_kind("trained").scopes_of(people[0].user) == []
