import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def run(**options):
    out = StringIO()
    call_command(
        "count_trainees", stdout=out, **{"region": "431125", "since": "2026-01", "until": "2026-12"} | options
    )
    return out.getvalue()


@pytest.mark.parametrize("by", ["town", "village", "month", "course"])
def test_command_prints_the_figures_of_the_desk(office, make_class, make_trained, by):
    make_trained(make_class(), was_registered=True)
    make_trained(make_class())

    printed = json.loads(run(by=by, json=True))

    desk = office.get(f"/county/figures/?region=431125&since=2026-01&until=2026-12&by={by}").context["count"]
    assert printed["total"]["heads"] == desk.total.heads == 2
    assert printed["total"]["poor_share_heads"] == "50.0 %"
    assert [(row["label"], row["person_times"]) for row in printed["rows"]] == [
        (row.label, row.person_times) for row in desk.rows
    ]


def test_command_prints_text_for_people(make_class, make_trained):
    make_trained(make_class())

    assert "total: 1 person-times, 1 heads" in run()


@pytest.mark.parametrize(
    ("options", "said"),
    [({"region": "999999"}, "no region"), ({"since": "2026-13"}, "2026-03"), ({"until": "x"}, "2026-03")],
)
def test_command_refuses_nonsense_in_one_line(county, options, said):
    with pytest.raises(CommandError, match=said):
        run(**options)
