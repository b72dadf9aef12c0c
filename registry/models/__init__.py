from registry.models.audit import AuditAction, AuditEntry, AuditHead, RevealGrant
from registry.models.consent import Consent, ConsentItem, ConsentText
from registry.models.official import Organisation
from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.place_change import RegionChange, RegionSuccession, VillageProposal
from registry.models.roster import RosterImport
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "AuditAction",
    "AuditEntry",
    "AuditHead",
    "Consent",
    "ConsentItem",
    "ConsentText",
    "Household",
    "Membership",
    "Organisation",
    "Person",
    "Region",
    "RegionChange",
    "RegionSuccession",
    "RegionVersion",
    "RevealGrant",
    "RosterImport",
    "SentMessage",
    "StatusPeriod",
    "User",
    "VillageProposal",
]
