from uuid import UUID

import pytest
import time_machine

from courses.wall_codes import site_of_code, wall_code
from tests.forging import with_other_character

SITE = UUID("6f0c1c1e-0000-4000-8000-000000000001")


@pytest.mark.parametrize(("later", "is_good"), [(0, True), (44, True), (46, False)])
def test_code_is_good_for_half_a_minute_and_a_little(later, is_good):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        code = wall_code(SITE)
        clock.shift(later)

        assert (site_of_code(code) == SITE) is is_good


def test_forged_code_is_nobodys():
    assert site_of_code(with_other_character(wall_code(SITE))) is None
    assert site_of_code("x") is None
