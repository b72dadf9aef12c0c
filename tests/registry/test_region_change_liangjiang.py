"""两江新区 of 2025: counties that can only be followed town by town."""

from datetime import date

import pytest

from registry.models import RegionChange, RegionVersion
from registry.queries.place_now import place_now
from registry.queries.places import version_by_code, version_on
from tests.registry.places_in_time import TODAY, at, change, codes_on, plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_map")]


LIANGJIANG = date(2025, 11, 6)


YUBEI_TO_BEIBEI = ["500112100", "500112101", "500112102", "500112103", "500112104"]


BEIBEI_TO_LIANGJIANG = ["500109200", "500109201", "500109202", "500109203", "500109204"]


@pytest.fixture
def chongqing():
    """The three districts with eight towns each and a village in every town."""
    towns = {f"5001{d}{100 + n}": f"{d}镇{n}" for d in ("05", "12", "09") for n in range(8)}
    towns |= {code: f"北碚街道{code[-1]}" for code in BEIBEI_TO_LIANGJIANG}
    villages = {f"{code}200": f"{name}村" for code, name in towns.items()}
    districts = {"500105": "江北区", "500112": "渝北区", "500109": "北碚区"}
    return plant({"50": "重庆市", "5001": "市辖区"} | districts | towns | villages)


def record_liangjiang(chongqing, document="国函〔2025〕1号"):
    one = change("transfer", LIANGJIANG, [chongqing[c] for c in YUBEI_TO_BEIBEI], ["500109"], document)
    two = change(
        "merge",
        LIANGJIANG,
        [chongqing["500105"], chongqing["500112"]],
        [("500157", "两江新区")],
        document,
    )
    three = change("transfer", LIANGJIANG, [chongqing[c] for c in BEIBEI_TO_LIANGJIANG], ["500157"], document)
    return [one, two, three]


def test_liangjiang_2025_works_town_by_town(chongqing):
    record_liangjiang(chongqing)
    new = at("500157", TODAY)
    before = date(2025, 5, 1)

    def district_now(code: str) -> str | None:
        place = place_now(chongqing[code], before, TODAY)
        return version_on(place, TODAY).code[:6] if place else None

    towns = [code for code in chongqing if len(code) == 9]
    assert {district_now(code) for code in towns if code.startswith("500105")} == {"500157"}
    assert {district_now(code) for code in YUBEI_TO_BEIBEI} == {"500109"}
    assert {district_now(f"{code}200") for code in YUBEI_TO_BEIBEI} == {"500109"}
    assert {district_now(c) for c in towns if c.startswith("500112") and c not in YUBEI_TO_BEIBEI} == {
        "500157"
    }
    assert {district_now(code) for code in BEIBEI_TO_LIANGJIANG} == {"500157"}
    assert {district_now(f"50010910{n}") for n in range(8)} == {"500109"}
    # A county-to-county map is impossible for the two that lost towns, and right for the one that did not.
    assert place_now(chongqing["500105"], before, TODAY) == new
    assert place_now(chongqing["500112"], before, TODAY) is None
    assert place_now(chongqing["500109"], before, TODAY) is None
    assert place_now(chongqing["5001"], before, TODAY) == chongqing["5001"]
    assert codes_on(date(2025, 11, 5)).keys() == chongqing.keys()
    assert len(codes_on(TODAY)) == len(chongqing) - 1


def test_liangjiang_towns_meet_codes_and_get_provisional_ones(chongqing):
    record_liangjiang(chongqing)

    clashing = version_on(chongqing["500112100"], TODAY)
    assert (clashing.code, clashing.is_provisional) == ("500109900", True)
    assert version_on(chongqing["500112100200"], TODAY).code == "500109900200"
    official = change("recode", date(2026, 3, 1), [chongqing["500112100"]], ["500109110"])
    assert version_by_code("500109110200", TODAY).region == chongqing["500112100200"]
    assert not version_on(chongqing["500112100"], TODAY).is_provisional
    assert official.successions.count() == 0


def test_liangjiang_recorded_twice_is_recorded_once(chongqing):
    first = record_liangjiang(chongqing)
    versions = RegionVersion.objects.count()

    assert record_liangjiang(chongqing) == first
    assert (RegionChange.objects.count(), RegionVersion.objects.count()) == (3, versions)
