from registry.models.audit import AuditAction, AuditCheck, AuditEntry, AuditHead, RevealGrant
from registry.models.consent import Consent, ConsentItem, ConsentText
from registry.models.export import Export
from registry.models.merge import DuplicateDecision, PersonMerge
from registry.models.official import Organisation
from registry.models.person import Household, Membership, Person, StatusPeriod
from registry.models.place import Region, RegionVersion
from registry.models.place_change import RegionChange, RegionSuccession, VillageProposal
from registry.models.request import PrivacyRequest
from registry.models.retention import RetentionRule
from registry.models.roster import RosterEdit, RosterImport, RosterMark
from registry.models.sent_mail import SentMail
from registry.models.sign_in import AssistedSignIn, SignInCard, StationDevice
from registry.models.user import Appointment, SentMessage, User

__all__ = [
    "Appointment",
    "AssistedSignIn",
    "AuditAction",
    "AuditCheck",
    "AuditEntry",
    "AuditHead",
    "Consent",
    "ConsentItem",
    "ConsentText",
    "DuplicateDecision",
    "Export",
    "Household",
    "Membership",
    "Organisation",
    "Person",
    "PersonMerge",
    "PrivacyRequest",
    "Region",
    "RegionChange",
    "RegionSuccession",
    "RegionVersion",
    "RetentionRule",
    "RevealGrant",
    "RosterEdit",
    "RosterImport",
    "RosterMark",
    "SentMail",
    "SentMessage",
    "SignInCard",
    "StationDevice",
    "StatusPeriod",
    "User",
    "VillageProposal",
]
