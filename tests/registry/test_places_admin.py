from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from registry.models import Appointment, RegionChange, RegionVersion, VillageProposal
from registry.permissions import can_record_change
from registry.queries.places import version_by_code
from registry.services import appoint, propose_village
from tests.factories.registry import PersonFactory, UserFactory
from tests.registry.places_in_time import change

pytestmark = pytest.mark.django_db

MERGE = {
    "kind": "merge",
    "on": "2024-06-01",
    "document": "永政发〔2024〕3号",
    "sources": "431125103200\n431125103202",
    "targets": "431125103299 新合村",
}


def admitted(user):
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def office(client, office_user):
    client.force_login(admitted(office_user))
    return office_user


@pytest.fixture
def foreign_office(client, other_county):
    user = admitted(UserFactory(username="office2"))
    appoint(user=user, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    client.force_login(user)
    return user


@pytest.fixture
def two_villages(county):
    return [version_by_code(code).region for code in ("431125103200", "431125103202")]


@pytest.fixture
def merged(two_villages):
    return change("merge", date(2024, 6, 1), two_villages, [("431125103299", "新合村")])


def test_office_previews_then_records(client, office, two_villages):
    PersonFactory(village=two_villages[0])

    preview = client.post(reverse("change_record"), MERGE)

    assert RegionChange.objects.count() == 0
    shown = preview.context["preview"]
    assert (shown["moved"], shown["made"], shown["ended"], shown["unallocated"]) == (0, 1, 2, 0)
    assert [number for _name, number in shown["rows"]] == [1]
    assert "新合村" in preview.content.decode()

    confirmed = MERGE | {"confirm": preview.context["form"].fingerprint}
    response = client.post(reverse("change_record"), confirmed)

    assert response.url == reverse("change_list")
    recorded = RegionChange.objects.get()
    assert (recorded.recorded_by, recorded.document) == (office, MERGE["document"])
    assert version_by_code("431125103299").name == "新合村"
    assert client.post(reverse("change_record"), confirmed).status_code == 302
    assert RegionChange.objects.count() == 1


def test_what_was_edited_after_its_preview_is_shown_again(client, office):
    preview = client.post(reverse("change_record"), MERGE)
    edited = MERGE | {"targets": "431125103298 另名村", "confirm": preview.context["form"].fingerprint}

    assert "preview" in client.post(reverse("change_record"), edited).context
    assert RegionChange.objects.count() == 0


def test_change_list_shows_both_sides(client, office, merged):
    page = client.get(reverse("change_list")).content.decode()

    assert "431125103200" in page
    assert "431125103299" in page


def test_change_list_of_a_foreign_office_is_empty(client, merged, foreign_office):
    assert list(client.get(reverse("change_list")).context["page"]) == []


def test_change_of_foreign_or_unknown_places_gets_the_same_answer(client, foreign_office, county):
    answers = [
        client.post(reverse("change_record"), MERGE | {"sources": sources}).context["form"].errors
        for sources in ("431125103200\n431125103202", "431125999200\n431125999201")
    ]

    assert answers[0] == answers[1] != {}


def test_office_does_not_change_its_own_county(client, office):
    rename = {
        "kind": "rename",
        "on": "2024-06-01",
        "document": "一号",
        "sources": "431125",
        "targets": "431125 江永市",
    }

    assert client.post(reverse("change_record"), rename).context["form"].errors
    assert not can_record_change(office, ["431125"])
    assert can_record_change(office, ["431125103", "431125103200"])
    assert not can_record_change(office, ["431125103", "431129100"])
    assert not can_record_change(office, [])
    assert can_record_change(UserFactory(is_superuser=True), ["431125"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "2999-01-01"},
        {"on": "yesterday"},
        {"sources": "43112510320"},
        {"sources": "夏层铺"},
        {"sources": ""},
        {"targets": ""},
        {"targets": "431125103299"},
        {"kind": "explode"},
        {"codes": "431125103200"},
        {"pieces": "431125103200 x"},
        {"targets": "431125103204 已有的村"},
        {"kind": "split"},
        {"document": ""},
    ],
)
def test_wrong_entries_are_said_and_write_nothing(client, office, wrong):
    confirm = {}
    for _press in range(2):
        response = client.post(reverse("change_record"), MERGE | wrong | confirm)
        assert response.status_code == 200
        assert response.context["form"].errors
        confirm = {"confirm": response.context["form"].fingerprint}
    assert RegionChange.objects.count() == 0


def test_split_is_entered_with_its_pieces(client, office):
    villages = RegionVersion.objects.filter(parent=version_by_code("431125103").region).order_by("code")
    split = {
        "kind": "split",
        "on": "2024-06-01",
        "document": "一号",
        "sources": "431125103",
        "targets": "431125103\n431125150 新镇",
        "pieces": "\n".join(f"{v.code} 431125{'103' if n else '150'}" for n, v in enumerate(villages[:3])),
    }

    shown = client.post(reverse("change_record"), split).context["preview"]

    assert (shown["moved"], shown["made"]) == (3, 1)
    assert shown["unallocated"] == villages.count() - 3


def test_office_proposes_and_another_approves(client, office, county):
    town = version_by_code("431125103")
    client.post(reverse("village_list"), {"town": town.pk, "name": "新建村"})
    proposal = VillageProposal.objects.get()
    decide = reverse("village_decide", args=[proposal.pk])

    client.post(decide, {"approve": "1"})
    proposal.refresh_from_db()
    assert proposal.state == "proposed"  # her own

    second = admitted(UserFactory(username="second"))
    appoint(user=second, role=Appointment.Role.OFFICE, region=county, since=date(2020, 1, 1))
    client.force_login(second)
    assert "approve" in client.get(reverse("village_list")).content.decode()
    client.post(decide, {"approve": "1"})

    assert version_by_code("431125103900").is_provisional
    client.post(decide, {"refuse": "1"})
    proposal.refresh_from_db()
    assert proposal.state == "approved"


def test_village_can_be_refused(client, office, county):
    proposal = propose_village(town=version_by_code("431125103").region, name="新建村", by=UserFactory())

    client.post(reverse("village_decide", args=[proposal.pk]), {"refuse": "1"})

    proposal.refresh_from_db()
    assert proposal.state == "refused"


def test_village_that_is_there_is_said(client, office):
    town = version_by_code("431125103")
    name = RegionVersion.objects.filter(parent=town.region).first().name

    response = client.post(reverse("village_list"), {"town": town.pk, "name": name})

    assert response.context["form"].errors
    assert VillageProposal.objects.count() == 0


def test_villages_of_a_foreign_county_are_not_there(client, county, foreign_office):
    proposal = propose_village(town=version_by_code("431125103").region, name="新建村", by=UserFactory())

    assert list(client.get(reverse("village_list")).context["page"]) == []
    assert client.post(reverse("village_decide", args=[proposal.pk]), {"approve": "1"}).status_code == 404
    assert client.post(reverse("village_decide", args=[999999]), {"approve": "1"}).status_code == 404
    town = version_by_code("431125103")
    assert client.post(reverse("village_list"), {"town": town.pk, "name": "甲村"}).context["form"].errors


@pytest.mark.parametrize("name", ["change_list", "change_record", "village_list"])
def test_pages_are_for_the_office(client, name, instructor_user, trainee_user):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(trainee_user)
    assert client.get(reverse(name)).status_code in {302, 403}
    client.force_login(admitted(instructor_user))
    assert client.get(reverse(name)).status_code == 404


def test_superuser_sees_everything(client, merged, county):
    propose_village(town=version_by_code("431125103").region, name="新建村", by=UserFactory())
    client.force_login(UserFactory(is_superuser=True))

    assert len(client.get(reverse("change_list")).context["page"]) == 1
    assert len(client.get(reverse("village_list")).context["page"]) == 1


def test_lists_take_the_same_queries_however_long(client, office, county, django_assert_max_num_queries):
    town = version_by_code("431125103").region
    counts = []
    for number, village in enumerate(RegionVersion.objects.filter(parent=town).order_by("code")[:3]):
        target = (village.code, f"新{village.name}")
        change("rename", date(2024, 6, 1), [village.region], [target], f"{number}号")
        propose_village(town=town, name=f"新建{number}村", by=UserFactory())
        with django_assert_max_num_queries(60) as changes:
            client.get(reverse("change_list"))
        with django_assert_max_num_queries(60) as proposals:
            client.get(reverse("village_list"))
        counts.append((len(changes), len(proposals)))

    assert counts[0] == counts[2]
