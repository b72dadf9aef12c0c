"""What the desk's pages say on paper: where, when, on which map, and who printed it."""

import pytest
import time_machine

from tests.factories.certificates import noon

pytestmark = pytest.mark.django_db
ASKED = "region=431125&since=2026-01&until=2026-03"


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(noon("2026-07-03"), tick=False):
        yield


def printed(client, path):
    page = client.get(path).content.decode()
    return page.split('<p class="print-line">')[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/county/?region=431125&month=2026-03", "江永县 (431125) · 2026-01 – 2026-03 · 区划口径：当时区划"),
        (f"/county/figures/?{ASKED}&map=now", "江永县 (431125) · 2026-01 – 2026-03 · 区划口径：现行区划"),
        (f"/county/tiles/?{ASKED}&map=now", "江永县 (431125) · 2026-01 – 2026-03 · 区划口径：现行区划"),
        (f"/county/people/?{ASKED}", "区划口径：当时区划"),
        ("/county/compare/?region=431125", "区划口径：当时区划"),
        ("/county/plan/?region=431125&year=2026", "江永县"),
        ("/county/classes/", "数据截至"),
        ("/county/returns/", "数据截至"),
    ],
)
def test_page_says_on_paper_what_it_shows(office, office_user, make_class, make_trained, path, told):
    make_trained(make_class())

    line = printed(office, path)

    assert told in line
    assert line.endswith(f"数据截至 2026年7月3日 12:00，打印人：{office_user}")


def test_wide_tables_lie_across(office, make_class):
    assert "print-wide" in office.get(f"/county/figures/?{ASKED}").content.decode()
