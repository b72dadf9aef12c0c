from registry.models.audit import AuditAction, AuditCheck, AuditEntry, AuditHead, RevealGrant
from registry.models.consent import Consent, ConsentItem, ConsentText
from registry.models.export import Export
from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.place_change import RegionChange, RegionSuccession, VillageProposal
from registry.models.request import PrivacyRequest
from registry.models.retention import RetentionRule
from registry.models.roster import RosterImport
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "AuditAction",
    "AuditCheck",
    "AuditEntry",
    "AuditHead",
    "Consent",
    "ConsentItem",
    "ConsentText",
    "Export",
    "Household",
    "Membership",
    "Person",
    "PrivacyRequest",
    "Region",
    "RegionChange",
    "RegionSuccession",
    "RegionVersion",
    "RetentionRule",
    "RevealGrant",
    "RosterImport",
    "SentMessage",
    "StatusPeriod",
    "User",
    "VillageProposal",
]
