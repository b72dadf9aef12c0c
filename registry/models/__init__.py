from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.roster import RosterImport
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "Household",
    "Membership",
    "Person",
    "Region",
    "RegionVersion",
    "RosterImport",
    "SentMessage",
    "StatusPeriod",
    "User",
]
