from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from county.counting import CountRow
from county.suppression import SMALL, hidden, public_rows


def row(label, heads, poor):
    return CountRow(label=label, heads=heads, share_heads=heads, share_poor_heads=poor)


def test_e24_village_with_three_trainees_shows_neither_number_nor_share():
    total, rows = public_rows(row("", 63, 31), [row("甲村", 3, 1), row("乙村", 20, 10), row("丙村", 40, 20)])

    assert [one.heads for one in rows] == [None, None, 40]
    assert [one.poor_share for one in rows] == [None, None, Decimal("50.0")]
    assert (total.heads, total.poor_share) == (63, Decimal("49.2"))


def test_total_is_hidden_where_no_other_row_could_be():
    total, rows = public_rows(row("", 3, 1), [row("甲村", 3, 1), row("乙村", 0, 0)])

    assert (total.heads, rows[0].heads, rows[1].heads) == (None, None, 0)


def test_share_that_would_say_of_few_people_what_they_are_not_is_hidden():
    _total, rows = public_rows(
        row("", 60, 40), [row("甲村", 20, 18), row("乙村", 20, 11), row("丙村", 20, 11)]
    )

    assert [one.heads for one in rows] == [20, 20, 20]
    assert rows[0].poor_share is None
    assert sum(one.is_share_hidden for one in rows) == 2


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_no_hidden_value_can_be_worked_out(values):
    found = hidden(values, sum(values))

    rows = found - {len(values)}
    assert all(n in rows for n, value in enumerate(values) if 0 < value < SMALL)
    if rows and len(values) not in found:
        assert len(rows) > 1
        assert sum(values[n] for n in rows) >= SMALL
