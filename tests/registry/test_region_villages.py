from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.errors import (
    ProvisionalCodesUsedUp,
    VillageDecided,
    VillageKnown,
    VillageNeedsAnother,
    VillageNotInTown,
)
from registry.models import RegionVersion, VillageProposal
from registry.queries.places import children_of, version_by_code
from registry.region_names import village_key
from registry.services import approve_village, propose_village, refuse_village
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def town(county):
    return version_by_code("431125103").region


@pytest.fixture
def keeper(db):
    return UserFactory(username="keeper")


@pytest.mark.parametrize("name", ["张坡村村委会", "张坡村", "张坡", "张坡村村民委员会", "张坡 社区居委会"])
def test_village_key_drops_the_committee(name):
    assert village_key(name) == "张坡"
    assert village_key("葫芦村委会") == "葫芦"
    assert village_key("村") == "村"


def test_proposed_village_is_no_place_before_another_approves(town, keeper, office_user):
    proposal = propose_village(town=town, name="新建村", by=keeper, now=NOW)

    assert (proposal.code, proposal.since) == ("431125103900", date(2026, 6, 1))
    assert not RegionVersion.objects.filter(code=proposal.code).exists()

    version = approve_village(proposal=proposal, by=office_user, now=NOW)

    assert (version.code, version.is_provisional, version.parent) == ("431125103900", True, town)
    assert version in children_of("431125103", date(2026, 6, 1))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.region) == ("approved", office_user, version.region)


def test_proposing_the_same_village_again_returns_the_first(town, keeper, office_user):
    first = propose_village(town=town, name="新建村", by=keeper)

    assert propose_village(town=town, name=" 新建村 ", by=office_user) == first


def test_every_proposal_has_its_own_code(town, keeper):
    codes = [propose_village(town=town, name=f"新{n}村", by=keeper).code for n in range(3)]

    assert codes == ["431125103900", "431125103901", "431125103902"]


def test_refused_village_frees_its_code(town, keeper, office_user):
    proposal = propose_village(town=town, name="新建村", by=keeper)

    assert refuse_village(proposal=proposal, by=office_user).state == "refused"
    assert propose_village(town=town, name="另一村", by=keeper).code == proposal.code


def test_nobody_decides_her_own_proposal(town, keeper):
    proposal = propose_village(town=town, name="新建村", by=keeper)

    for decide in (approve_village, refuse_village):
        with pytest.raises(VillageNeedsAnother):
            decide(proposal=proposal, by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        VillageProposal.objects.update(state="refused", decided_by=keeper, decided_at=timezone.now())


def test_proposal_is_decided_once(town, keeper, office_user):
    proposal = propose_village(town=town, name="新建村", by=keeper)
    approve_village(proposal=proposal, by=office_user)

    for decide in (approve_village, refuse_village):
        with pytest.raises(VillageDecided):
            decide(proposal=proposal, by=office_user)


def test_village_the_town_has_is_refused(town, keeper, office_user):
    known = children_of("431125103")[0].name
    with pytest.raises(VillageKnown):
        propose_village(town=town, name=f"{village_key(known)}村", by=keeper)
    first = propose_village(town=town, name="新建村", by=keeper)
    second = propose_village(town=town, name="新建村委会", by=keeper)
    approve_village(proposal=first, by=office_user)
    with pytest.raises(VillageKnown):
        approve_village(proposal=second, by=office_user)


def test_village_needs_a_town(county, keeper):
    with pytest.raises(VillageNotInTown):
        propose_village(town=county, name="新建村", by=keeper)


def test_a_town_has_a_hundred_provisional_codes(town, keeper):
    VillageProposal.objects.bulk_create(
        VillageProposal(
            town=town,
            name=f"新{n}村",
            code=f"431125103{n}",
            since=date(2026, 1, 1),
            proposed_by=keeper,
            proposed_at=NOW,
        )
        for n in range(900, 1000)
    )

    with pytest.raises(ProvisionalCodesUsedUp):
        propose_village(town=town, name="第一百零一村", by=keeper)
