"""Where things lie, and what fills an address."""

from uuid import UUID

from registry.models import Region
from registry.queries.places import version_by_code

# Kind of object -> what fills the address of the one that is there, and of one that is not.
Addresses = dict[str, tuple[dict[str, object], dict[str, object]]]
NOWHERE, NO_KEY = UUID("99999999-9999-4999-8999-999999999999"), 987654


def region_of(code: str) -> Region:
    return version_by_code(code).region


def village_of(county: str) -> Region:
    """Return a village of the county's first town."""
    versions = type(version_by_code(county)).objects
    return versions.filter(code__startswith=f"{county}100", level=5).first().region
