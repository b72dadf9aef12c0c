from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.place_change import RegionChange, RegionSuccession, VillageProposal
from registry.models.roster import RosterImport
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "Household",
    "Membership",
    "Person",
    "Region",
    "RegionChange",
    "RegionSuccession",
    "RegionVersion",
    "RosterImport",
    "SentMessage",
    "StatusPeriod",
    "User",
    "VillageProposal",
]
