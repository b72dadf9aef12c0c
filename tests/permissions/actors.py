"""Everybody who could knock, and the two counties."""

from dataclasses import dataclass
from datetime import date

from tests.permissions.matrix import ROLES

HERE, THERE = "here", "there"
SINCE = date(2020, 1, 1)
COUNTY, OTHER_COUNTY = "431125", "431129"
# Where the officials of the levels that have no county's reach sit.
SEATS = {
    ("town", HERE): f"{COUNTY}100",
    ("town", THERE): f"{OTHER_COUNTY}100",
    ("station_keeper", HERE): f"{COUNTY}100",
    ("station_keeper", THERE): f"{OTHER_COUNTY}100",
    ("province_reader", HERE): "43",
    ("province_reader", THERE): "61",
}


@dataclass(frozen=True)
class Actor:
    """Somebody who knocks: a role with its region, a trainee, a visitor or an administrator."""

    name: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.name}-{self.where}" if self.where else self.name


ACTORS = [
    Actor("visitor"),
    Actor("superuser"),
    Actor("nobody"),  # signed in, without an appointment or a person
    Actor("ended"),  # an office's account whose appointment is over
    *(Actor("trainee", where) for where in (HERE, THERE)),
    *(Actor(role, where) for role in ROLES for where in (HERE, THERE)),
]
