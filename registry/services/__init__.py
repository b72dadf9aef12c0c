"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import appoint
from registry.services.audit import record, verify_log
from registry.services.consent import give_consent, publish_consent_text, withdraw_consent
from registry.services.keys import SEALED_COLUMNS, SealedColumn, rotate_keys
from registry.services.people import register_self
from registry.services.regions import import_regions
from registry.services.reveal import can_reveal, reveal_id_number, reveal_phone, revealed_until

__all__ = [
    "SEALED_COLUMNS",
    "SealedColumn",
    "appoint",
    "can_reveal",
    "give_consent",
    "import_regions",
    "publish_consent_text",
    "record",
    "register_self",
    "reveal_id_number",
    "reveal_phone",
    "revealed_until",
    "rotate_keys",
    "verify_log",
    "withdraw_consent",
]
