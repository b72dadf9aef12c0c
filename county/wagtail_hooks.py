"""What the county's records add to the Wagtail admin: what officials achieved."""

from wagtail import hooks

from county.achievements import Achievements, achievements_of
from registry.models import Appointment


@hooks.register("achievements_of_officials")
def achievements(appointments: list[Appointment]) -> dict[int, Achievements]:
    """Say for the officials' roster what was done in each appointment."""
    return achievements_of(appointments)
