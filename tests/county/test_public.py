"""E24 on the page anybody may read."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/county/public/?year=2026"


def test_e24_small_town_shows_neither_number_nor_share(client, make_class, make_trained):
    training_class = make_class()
    for n in range(3):
        make_trained(training_class, was_registered=n == 0)

    response = client.get(PAGE)

    rows = {label: (heads, share) for label, heads, share in response.context["rows"]}
    assert rows["潇浦镇"] == ("<5", "*")
    assert response.context["total"][1:] == ("<5", "*")
    assert "public" in response["Cache-Control"]


def test_county_without_anybody_shows_zero_and_no_share(client, county):
    response = client.get(PAGE)

    assert response.context["total"][1:] == ("0", "—")


@pytest.mark.parametrize("year", ["x", "1", "99999"])
def test_nonsense_is_not_found(client, county, year):
    assert client.get("/county/public/", {"year": year}).status_code == 404
