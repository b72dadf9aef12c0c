"""The duplicate desk: likely pairs, the comparison, three decisions and the way back."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.users.models import UserProfile

from registry.models import Appointment, AuditEntry, DuplicateDecision, Person, PersonMerge
from registry.queries.places import children_of, version_by_code
from registry.services import appoint, merge_people
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued
from tests.factories.registry import (
    HouseholdFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    id_number,
)

pytestmark = pytest.mark.django_db
NUMBER = id_number(41)


def admitted(user):
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def office(client, office_user):
    client.force_login(admitted(office_user))
    return office_user


@pytest.fixture
def in_english(office):
    UserProfile.objects.create(user=office, preferred_language="en")


@pytest.fixture
def pair(county):
    """A roster record and a login of the same name, village and phone."""
    village = children_of("431125100").first().region
    same = {"name": "学员甲", "village": village, "phone": "+8619900001234"}
    return [
        PersonFactory(id_number=NUMBER, listed_on=date(2025, 12, 31), **same),
        PersonFactory(user=UserFactory(phone="+8619900001234"), **same),
    ]


def address(pair):
    return reverse("duplicate_pair", args=[one.uid for one in pair])


def decide(client, pair, verdict="same", **answers):
    return client.post(
        address(pair), {"verdict": verdict, "kept": str(pair[0].uid), "reason": "同一人"} | answers
    )


def test_list_shows_pairs_with_their_reasons_and_no_number(client, office, pair):
    response = client.get(reverse("duplicate_list"))

    page = response.content.decode()
    assert address(pair) in page
    assert len(response.context["pairs"]) == 1
    assert NUMBER not in page
    assert "19900001234" not in page


def test_empty_list_says_so(client, office):
    assert client.get(reverse("duplicate_list")).context["pairs"] == []


def test_pair_is_compared_with_masked_numbers(client, office, pair):
    page = client.get(address(pair)).content.decode()

    assert f"990***********{NUMBER[-4:]}" in page
    assert "199****1234" in page
    assert NUMBER not in page
    assert "19900001234" not in page
    assert page.count('data-key="') == 3


def test_preview_says_row_by_row_what_changes(client, office, in_english, pair, county):
    training_class = TrainingClassFactory(county=county)
    places = [
        EnrolmentFactory(training_class=training_class, person=one, minutes=minutes, completed=True)
        for one, minutes in zip(pair, [45, 90], strict=True)
    ]
    other = TrainingClassFactory(county=county, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    EnrolmentFactory(training_class=other, person=pair[1])
    paper = issued(places[1])
    MembershipFactory(person=pair[0], household=HouseholdFactory(county=county))

    sections = client.get(address(pair)).context["sections"]

    by_title = {str(section.title): section for section in sections}
    assert list(by_title) == ["Places in classes", "Certificates", "Households", "Logins"]
    classes = by_title["Places in classes"]
    assert [row.is_change for row in classes.rows] == [True, False]
    assert "1.0 class hours" in classes.rows[0].first
    assert "2.0 class hours" in classes.rows[0].second
    assert classes.note == "Person-times become 1 fewer."
    assert by_title["Certificates"].rows[0].what == paper.number


def test_same_merges_with_the_chosen_record_and_goes_on(client, office, pair):
    suggested = client.get(address(pair)).context["kept"]
    assert suggested == str(pair[0].uid)

    response = decide(client, pair, kept=str(pair[1].uid))

    merge = PersonMerge.objects.get()
    assert (merge.kept, merge.absorbed, merge.by, merge.reason) == (pair[1], pair[0], office, "同一人")
    assert response.url == reverse("duplicate_list")
    assert client.get(address(pair)).url == reverse("duplicate_list")
    assert decide(client, pair).url == reverse("duplicate_list")
    assert PersonMerge.objects.count() == 1


def test_decision_leads_to_the_next_pair(client, office, pair):
    third = PersonFactory(name="学员甲", village=pair[0].village)

    response = decide(client, pair, "different")

    assert str(third.uid) in response.url


@pytest.mark.parametrize("verdict", ["different", "later"])
def test_other_decisions_take_the_pair_off_the_list(client, office, pair, verdict):
    response = decide(client, pair, verdict, kept="", reason="")

    assert response.url == reverse("duplicate_list")
    decision = DuplicateDecision.objects.get()
    assert (decision.verdict, decision.by) == (verdict, office)
    assert AuditEntry.objects.latest("seq").action == "pair_decided"
    assert client.get(reverse("duplicate_list")).context["pairs"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept": ""},
        {"kept": "nobody"},
        {"reason": " "},
        {"reason": "x" * 201},
        {"verdict": "maybe"},
        {"verdict": ""},
    ],
)
def test_wrong_decisions_are_said_and_write_nothing(client, office, pair, wrong):
    response = decide(client, pair, **{"verdict": "same"} | wrong)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not PersonMerge.objects.exists()


def test_two_checked_cards_are_refused_in_words(client, office, in_english, pair):
    Person.objects.filter(pk=pair[0].pk).update(identity_level=Person.IdentityLevel.CHECKED)
    pair[1].id_number = id_number(42)
    pair[1].identity_level = Person.IdentityLevel.CHECKED
    pair[1].save()

    response = decide(client, pair)

    assert "Both ID cards were checked" in response.content.decode()


def test_merge_is_undone_from_the_list(client, office, pair):
    merge = merge_people(kept=pair[0], absorbed=pair[1], by=office, reason="同一人")
    undo = reverse("merge_undo", args=[merge.pk])
    assert undo in client.get(reverse("merge_list")).content.decode()

    client.post(undo, {"reason": " "})
    merge.refresh_from_db()
    assert not merge.is_undone
    for _press in range(2):
        assert client.post(undo, {"reason": "认错了"}).url == reverse("merge_list")

    merge.refresh_from_db()
    assert (merge.is_undone, merge.undone_by, merge.undone_reason) == (True, office, "认错了")
    page = client.get(reverse("merge_list")).content.decode()
    assert undo not in page
    assert "认错了" in page
    client.post(undo, {"reason": "x" * 300})


@pytest.fixture
def foreign(client, other_county):
    user = admitted(UserFactory(username="office2"))
    appoint(user=user, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    client.force_login(user)
    return user


def test_foreign_county_is_not_there(client, pair, foreign):
    merge = merge_people(kept=pair[0], absorbed=pair[1], by=foreign, reason="同一人")
    nobody = UserFactory()
    unknown = reverse("duplicate_pair", args=[nobody.uid, nobody.uid])
    own = PersonFactory(village=version_by_code("431129").region)

    assert client.get(reverse("duplicate_list")).context["page"].paginator.count == 0
    assert client.get(reverse("merge_list")).context["page"].paginator.count == 0
    for one in (address(pair), address([own, pair[0]]), address([pair[0], own]), unknown):
        assert client.get(one).status_code == 404
        assert client.post(one, {"verdict": "different"}).status_code == 404
    for pk in (merge.pk, 999_999):
        assert client.post(reverse("merge_undo", args=[pk]), {"reason": "x"}).status_code == 404
    merge.refresh_from_db()
    assert not merge.is_undone


def test_absorbed_record_of_a_foreign_person_opens_nothing(client, pair, foreign):
    abroad = version_by_code("431129").region
    own, other = PersonFactory(village=abroad), PersonFactory(village=abroad)
    merge_people(kept=pair[0], absorbed=own, by=foreign, reason="同一人")

    assert client.get(address([own, other])).status_code == 404


def test_desk_is_for_the_office(client, pair, instructor_user, trainee_user):
    addresses = [reverse("duplicate_list"), reverse("merge_list"), address(pair)]
    assert {client.get(one).status_code for one in addresses} == {302}
    client.force_login(trainee_user)
    assert {client.get(one).status_code for one in addresses} <= {302, 403}
    client.force_login(admitted(instructor_user))
    assert {client.get(one).status_code for one in addresses} == {404}
    assert decide(client, pair).status_code == 404


def test_lists_take_the_same_queries_however_long(client, office, pair, django_assert_max_num_queries):
    counts = []
    for number in range(3):
        village = children_of("431125101").first().region
        rows = [PersonFactory(name=f"学员{number}", village=village) for _ in range(4)]
        merge_people(kept=rows[0], absorbed=rows[1], by=office, reason="同一人")
        with django_assert_max_num_queries(60) as pairs:
            client.get(reverse("duplicate_list"))
        with django_assert_max_num_queries(60) as merges:
            client.get(reverse("merge_list"))
        counts.append((len(pairs), len(merges)))

    assert counts[0] == counts[2]
