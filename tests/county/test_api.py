"""The interface for other platforms: figures of the desk, returns that others can check, refusals alike."""

import json
from datetime import date
from hashlib import sha256
from typing import get_args

import pytest
import time_machine
from django.test import Client
from openapi_spec_validator import validate

from county.api.access import AMinute
from county.api.schemas import By, OnMap, View
from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN
from county.models import ApiTokenUse
from county.queries import GROUPINGS, count
from county.services import check_return, make_api_token, prepare_return, revoke_api_token, sign_return
from registry.models import AuditEntry
from registry.services import appoint
from tests.factories.certificates import attend, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
ALL = ["counts", "returns", "lines"]
COUNTS = "/counts?region=431125&from=2026-04&to=2026-04"


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(noon("2026-07-03"), tick=False):
        yield


@pytest.fixture
def officer(county):
    user = UserFactory(username="officer")
    appoint(user=user, role="office", region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def ask(client, officer, county):
    """Return a function that asks with a token of the office for its county."""
    token, secret = make_api_token(
        name="省平台", region=county, reads=ALL, last_day=date(2026, 12, 31), by=officer
    )

    def get(path, *, secret=secret, **more):
        return client.get(ROOT + path, headers={"Authorization": f"Bearer {secret}"}, **more)

    get.token, get.secret, get.client = token, secret, client
    return get


@pytest.fixture
def enrolment(make_class, make_trained):
    april = make_class(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    return make_trained(april, was_registered=True)


@pytest.fixture
def signers(db):
    return [UserFactory(username=name) for name in ("fills-in", "checks", "signs")]


def signed(month, signers):
    made = prepare_return(county_code="431125", month=month, by=signers[0])
    check_return(monthly_return=made, by=signers[1])
    return sign_return(monthly_return=made, by=signers[2])


def is_problem(response, status):
    document = json.loads(response.content)
    assert response.status_code == document["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert {"type", "title"} <= document.keys()
    return document


def test_description_is_valid_openapi_and_open_to_all(client):
    response = client.get(f"{ROOT}/openapi.json")

    document = json.loads(response.content)
    validate(document)
    assert document["components"]["securitySchemes"]["TokenInHeader"]["scheme"] == "bearer"
    assert {path.removeprefix(ROOT) for path in document["paths"]} == {
        "/counts",
        "/counties",
        "/returns",
        "/returns/{code}/{month}",
        "/returns/{code}/{month}/lines",
        "/returns/{code}/{month}/fingerprint",
    }
    for operations in document["paths"].values():
        responses = operations["get"]["responses"]
        assert {"200", "400", "401", "403", "404", "405", "422", "429"} == responses.keys()
        assert list(responses["404"]["content"]) == ["application/problem+json"]


def test_groupings_maps_and_views_are_those_of_the_count():
    assert get_args(By) == GROUPINGS
    assert get_args(OnMap) == (THEN, NOW)
    assert get_args(View) == (ORIGIN, PLACE, FUNDING)


def test_counts_are_the_desks_by_town(ask, enrolment):
    response = ask(f"{COUNTS}&by=town")

    said = response.json()
    counted = count("431125", date(2026, 4, 1), date(2026, 4, 1), by="town")
    assert response["Cache-Control"] == "no-store"
    assert (said["region_name"], said["from"], said["to"]) == ("江永县", "2026-04", "2026-04")
    assert said["total"]["heads"] == counted.total.heads == 1
    assert said["total"]["poor_share_heads"] == 100.0
    assert [(row["key"], row["person_times"]) for row in said["rows"]] == [
        (row.key, row.person_times) for row in counted.rows
    ]


def test_counts_narrow_by_view_map_course_and_category(ask, enrolment):
    code = enrolment.training_class.course.code
    category = enrolment.training_class.course.category

    same = ask(f"{COUNTS}&view=place&map=now&course={code}&category={category}&with_cadres=true").json()
    other = ask(f"{COUNTS}&course=nowhere").json()

    assert (same["total"]["heads"], same["view"], same["map"]) == (1, "place", "now")
    assert other["total"]["heads"] == 0
    assert other["total"]["poor_share_heads"] is None


def test_counties_are_those_within_reach(ask, other_county):
    assert ask("/counties").json() == [{"code": "431125", "name": "江永县"}]


def test_returns_are_listed_by_month_and_state(ask, enrolment, signers):
    signed(date(2026, 4, 1), signers)
    prepare_return(county_code="431125", month=date(2026, 5, 1), by=signers[0])

    every = ask("/returns?from=2026-01&to=2026-12").json()
    only = ask("/returns?from=2026-01&to=2026-12&state=signed&county=431125&limit=1").json()

    assert [item["month"] for item in every["items"]] == ["2026-05", "2026-04"]
    assert (only["total"], only["items"][0]["person_times"]) == (1, 1)


def test_return_is_read_with_its_corrections_and_no_name(ask, enrolment, signers):
    april = signed(date(2026, 4, 1), signers)
    attend(enrolment, -45, "2026-04-03")
    signed(date(2026, 5, 1), signers)

    one = ask("/returns/431125/2026-04").json()
    later = ask("/returns/431125/2026-05")

    assert one["figures"] == april.figures
    assert (one["sha256"], one["state"]) == (april.sha256, "signed")
    change = {"person_times": -1, "poor_person_times": -1, "minutes": -45}
    assert later.json()["corrections"][0]["change"] == change
    assert enrolment.person.name not in later.content.decode()


def test_fingerprint_can_be_recomputed_from_figures_and_lines(ask, enrolment, signers):
    signed(date(2026, 4, 1), signers)

    figures = ask("/returns/431125/2026-04").json()["figures"]
    lines = ask("/returns/431125/2026-04/lines").json()
    said = ask("/returns/431125/2026-04/fingerprint").json()

    texts = sorted(json.dumps(line, sort_keys=True, ensure_ascii=False) for line in lines["items"])
    text = json.dumps({"figures": figures, "lines": texts}, sort_keys=True, ensure_ascii=False)
    assert sha256(text.encode()).hexdigest() == said["sha256"] == said["computed"]
    assert (said["is_intact"], said["lines"], lines["total"]) == (True, 1, 1)
    assert enrolment.person.name not in json.dumps(lines, ensure_ascii=False)


@pytest.mark.parametrize(
    "path",
    [
        "/counts?region=431129&from=2026-04&to=2026-04",
        "/counts?region=43&from=2026-04&to=2026-04",
        "/counts?region=431125999&from=2026-04&to=2026-04",
        "/returns?from=2026-01&to=2026-12&county=431129",
        "/returns/431129/2026-04",
        "/returns/431125/2026-03",
        "/returns/431129/2026-04/lines",
        "/returns/431125/2026-03/fingerprint",
        "/nothing/here/",
        "/",
    ],
)
def test_foreign_and_missing_are_alike(ask, enrolment, other_county, signers, path):
    prepare_return(county_code="431129", month=date(2026, 4, 1), by=signers[0])

    assert is_problem(ask(path), 404) == is_problem(ask("/returns/000000/2026-01"), 404)


def test_without_a_token_that_holds_nothing_is_said(ask, client, officer):
    for response in (
        client.get(ROOT + COUNTS),
        ask(COUNTS, secret="cunbo_x"),
        client.get(ROOT + COUNTS, headers={"Authorization": "Basic b2ZmaWNl"}),
    ):
        is_problem(response, 401)
        assert response["WWW-Authenticate"].startswith("Bearer")
    revoke_api_token(token=ask.token, by=officer)
    is_problem(ask(COUNTS), 401)


def test_session_of_staff_opens_nothing(client, officer):
    client.force_login(officer)

    is_problem(client.get(ROOT + COUNTS), 401)


def test_token_reads_only_what_it_was_made_for(ask, client, officer, county, enrolment, signers):
    signed(date(2026, 4, 1), signers)
    _token, secret = make_api_token(
        name="只读报表", region=county, reads=["returns"], last_day=date(2026, 12, 31), by=officer
    )

    assert ask("/returns/431125/2026-04", secret=secret).status_code == 200
    is_problem(ask("/returns/431125/2026-04/lines", secret=secret), 403)
    is_problem(ask(COUNTS, secret=secret), 403)
    assert [each["code"] for each in ask("/counties", secret=secret).json()] == ["431125"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("region=431125&from=2026-13&to=2026-12", "from"),
        ("region=431125&from=1026-01&to=2026-12", "from"),
        ("region=431125&from=2026-01", "to"),
        ("region=4311x5&from=2026-01&to=2026-12", "region"),
        ("region=431125&from=2026-01&to=2026-12&by=person", "by"),
        ("region=431125&from=2026-01&to=2026-12&category=magic", "category"),
    ],
)
def test_what_is_not_understood_is_named(ask, query, parameter):
    said = is_problem(ask(f"/counts?{query}"), 422)

    assert [error["parameter"] for error in said["errors"]] == [parameter]


def test_period_that_ends_before_it_begins_is_refused(ask):
    is_problem(ask("/counts?region=431125&from=2026-04&to=2026-03"), 422)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [COUNTS, "/counties", "/returns/431125/2026-04/lines", "/openapi.json"])
def test_only_reading_is_offered_and_the_refusal_says_so(client, method, path):
    refused = getattr(client, method)(ROOT + path, data="x", content_type="text/csv")

    assert is_problem(refused, 405)["detail"]
    assert refused["Allow"] == "GET"


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/counts/", "/returns/431125"])
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_what_is_no_address_is_a_problem_whoever_asks_and_how(officer, path, method):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)

    assert is_problem(getattr(strict, method)(ROOT + path), 404)["detail"]


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "image/png"])
def test_answer_is_json_whatever_is_accepted(ask, enrolment, accepted):
    def get(path):
        headers = {"Authorization": f"Bearer {ask.secret}", "Accept": accepted}
        return ask.client.get(ROOT + path, headers=headers)

    assert get(COUNTS).json()["total"]["heads"] == 1
    is_problem(get("/nothing"), 404)
    is_problem(get("/counts?region=x"), 422)


def test_query_that_cannot_be_read_is_a_problem(ask, enrolment, settings):
    assert is_problem(ask(f"{COUNTS}&course=a%00b"), 422)["errors"][0]["parameter"] == "course"
    assert is_problem(ask(f"{COUNTS}&groupby=town"), 422)["errors"][0]["parameter"] == "groupby"
    is_problem(ask("/counts?%ff%fe=%fd"), 422)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    is_problem(ask(f"{COUNTS}&by=town"), 400)


def test_token_that_ran_out_and_wrong_ones_are_refused_alike(ask):
    wrong = [ask(COUNTS, secret=text) for text in ("x", "cunbo_", "cunbo_" + "a" * 2000, "cunbo_\u00e4")]
    with time_machine.travel(noon("2027-01-01"), tick=False):
        ran_out = ask(COUNTS)

    said = is_problem(ran_out, 401)
    assert all(is_problem(response, 401) == said for response in wrong)


def test_more_than_the_minutes_share_is_refused(ask, enrolment, monkeypatch):
    monkeypatch.setattr(AMinute, "MOST", 2)

    answers = [ask("/counties").status_code for _ in range(2)]
    refused = ask("/counties")

    assert answers == [200, 200]
    is_problem(refused, 429)
    assert refused["Retry-After"] == "60"


def test_failure_is_a_problem_too_and_says_nothing_of_its_cause(ask, monkeypatch, caplog):
    def breaks(*args):
        raise RuntimeError("the secret cause")

    monkeypatch.setattr("county.api.counts.answer", breaks)

    said = is_problem(ask(COUNTS), 500)

    assert "secret" not in json.dumps(said)
    assert "the secret cause" in caplog.text


def test_use_is_counted_and_logged_once_a_day(ask, enrolment):
    for _ in range(3):
        ask(COUNTS)

    assert ApiTokenUse.objects.get().requests == 3
    assert AuditEntry.objects.filter(action="api_read").count() == 1


def test_asking_for_the_counties_is_a_use_too(ask):
    for _ in range(2):
        ask("/counties")

    use = ApiTokenUse.objects.get()
    assert (use.reads, use.region_code, use.requests) == ("counties", "431125", 2)
    assert AuditEntry.objects.get(action="api_read").detail["reads"] == "counties"


def test_list_of_returns_costs_the_same_for_one_and_more(
    ask, enrolment, signers, django_assert_max_num_queries
):
    signed(date(2026, 3, 1), signers)
    ask("/returns?from=2026-01&to=2026-12")
    with django_assert_max_num_queries(9) as one:
        ask("/returns?from=2026-01&to=2026-12")
    signed(date(2026, 4, 1), signers)
    signed(date(2026, 5, 1), signers)

    with django_assert_max_num_queries(9) as three:
        assert ask("/returns?from=2026-01&to=2026-12").json()["total"] == 3
    assert len(one) == len(three)
