import gc

import pytest

from registry.roster.collection import no_cycle_search


def test_cycle_search_goes_on_afterwards_even_after_a_fault():
    @no_cycle_search()
    def fail():
        assert not gc.isenabled()
        raise ValueError("row")

    with pytest.raises(ValueError, match="row"):
        fail()
    assert gc.isenabled()


def test_cycle_search_stays_off_where_it_was_off():
    with no_cycle_search():
        with no_cycle_search():
            pass
        assert not gc.isenabled()
