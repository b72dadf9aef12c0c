"""The office fills in, checks and signs; the province reads; the files hold what was signed."""

import json
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from county.models import MonthlyReturn
from registry.models import AuditEntry
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.certificates import attend, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(noon("2026-07-03"), tick=False):
        yield


def address(name, month="2026-04", code="431125"):
    return reverse(f"county:{name}", args=[code, month])


@pytest.fixture
def desks(county):
    """Three browsers of three colleagues of the office."""
    clients = []
    for name in ("fills", "checks", "signs"):
        user = UserFactory(username=name, display_name=name)
        appoint(user=user, role="office", region=county, since=date(2020, 1, 1))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        clients.append(client)
    return clients


@pytest.fixture
def april(make_class, make_trained):
    return make_trained(
        make_class(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30)), was_registered=True
    )


def sign_month(desks, month="2026-04"):
    for client, name in zip(desks, ("prepare_return", "check_return", "sign_return"), strict=True):
        assert client.post(address(name, month)).status_code == 302
    return MonthlyReturn.objects.get(month=f"{month}-01")


def test_three_colleagues_take_a_month_to_its_signature(desks, april):
    page = desks[0].get("/county/returns/?month=2026-04")
    assert address("prepare_return") in page.content.decode()

    made = sign_month(desks)

    assert made.is_signed
    page = desks[0].get(address("return")).content.decode()
    assert all(name in page for name in ("fills", "checks", "signs"))
    assert made.sha256 in page
    assert address("sign_return") not in page


def test_one_colleague_cannot_take_two_steps(desks, april):
    desks[0].post(address("prepare_return"))

    page = desks[0].get(address("return")).content.decode()
    answer = desks[0].post(address("check_return"), follow=True).content.decode()

    assert address("check_return") not in page
    assert MonthlyReturn.objects.get().state == "prepared"
    assert "notice" in answer or "message" in answer


def test_send_back_wants_a_reason(desks, april):
    desks[0].post(address("prepare_return"))

    desks[1].post(address("send_back_return"), {"reason": ""})
    assert MonthlyReturn.objects.exists()

    desks[1].post(address("send_back_return"), {"reason": "少一个班"})
    assert not MonthlyReturn.objects.exists()


def test_month_that_is_not_over_is_refused_in_words(desks, county):
    answer = desks[0].post(address("prepare_return", "2026-07"), follow=True)

    assert not MonthlyReturn.objects.exists()
    assert "这个月还没有结束" in answer.content.decode()


def test_correction_shows_in_the_month_it_is_found_and_in_the_files(desks, april):
    sign_month(desks)
    attend(april, -45, "2026-04-03")

    sign_month(desks, "2026-05")

    page = desks[0].get(address("return", "2026-05")).content.decode()
    assert "人次 −1" in page
    book = load_workbook(BytesIO(desks[0].get(address("return_xlsx", "2026-05")).content)).active
    texts = [str(cell.value) for row in book.iter_rows() for cell in row if cell.value]
    assert any("人次 −1" in text for text in texts)
    answer = json.loads(desks[0].get(address("return_json", "2026-05")).content)
    change = {"person_times": -1, "poor_person_times": -1, "minutes": -45}
    assert answer["corrections"][0]["change"] == change
    assert answer["sha256"] == MonthlyReturn.objects.get(month="2026-05-01").sha256


def test_files_hold_the_signed_figures_and_are_logged(desks, april):
    sign_month(desks)

    sheet = desks[0].get(address("return_csv")).content.decode()
    answer = json.loads(desks[0].get(address("return_json")).content)
    paper = desks[0].get(address("return_pdf"))

    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Disposition"] == 'attachment; filename="return-431125-2026-04.pdf"'
    assert sheet.startswith("\ufeff")
    assert "潇浦镇" in sheet
    assert answer["figures"]["total"]["poor_heads"] == 1
    assert AuditEntry.objects.filter(action="exported").count() == 3


def test_province_reads_the_returns_of_its_counties_and_nothing_more(desks, april, other_county):
    sign_month(desks)
    reader = UserFactory()
    appoint(user=reader, role="province_reader", region=version_by_code("43").region, since=date(2020, 1, 1))
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/county/returns/?month=2026-04")

    states = {county.code: made.state if made else "" for county, made, _may in page.context["counties"]}
    assert {states["431125"], states["431129"]} == {"signed", ""}
    assert page.context["person_times"] == 1
    assert client.get(address("return")).status_code == 200
    assert client.get(address("return_json")).status_code == 404
    assert client.post(address("prepare_return", "2026-05")).status_code == 404


def test_list_costs_the_same_for_one_and_more(desks, april, other_county, django_assert_num_queries):
    sign_month(desks)
    desks[0].get("/county/returns/?month=2026-04")

    with django_assert_num_queries(8):
        desks[0].get("/county/returns/?month=2026-04")


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-1"])
def test_nonsense_is_not_found(desks, county, month):
    assert desks[0].get(f"/county/returns/431125/{month}/").status_code == 404
