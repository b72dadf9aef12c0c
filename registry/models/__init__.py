from registry.models.audit import AuditAction, AuditEntry, AuditHead, RevealGrant
from registry.models.consent import Consent, ConsentItem, ConsentText
from registry.models.merge import DuplicateDecision, PersonMerge
from registry.models.official import Organisation
from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.place_change import RegionChange, RegionSuccession, VillageProposal
from registry.models.roster import RosterEdit, RosterImport, RosterMark
from registry.models.sign_in import AssistedSignIn, SignInCard, StationDevice
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "AssistedSignIn",
    "AuditAction",
    "AuditEntry",
    "AuditHead",
    "Consent",
    "ConsentItem",
    "ConsentText",
    "DuplicateDecision",
    "Household",
    "Membership",
    "Organisation",
    "Person",
    "PersonMerge",
    "Region",
    "RegionChange",
    "RegionSuccession",
    "RegionVersion",
    "RevealGrant",
    "RosterEdit",
    "RosterImport",
    "RosterMark",
    "SentMessage",
    "SignInCard",
    "StationDevice",
    "StatusPeriod",
    "User",
    "VillageProposal",
]
