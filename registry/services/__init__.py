"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.audit import record, verify_log
from registry.services.keys import SEALED_COLUMNS, SealedColumn, rotate_keys
from registry.services.reveal import can_reveal, reveal_id_number, reveal_phone, revealed_until

__all__ = [
    "SEALED_COLUMNS",
    "SealedColumn",
    "can_reveal",
    "record",
    "reveal_id_number",
    "reveal_phone",
    "revealed_until",
    "rotate_keys",
    "verify_log",
]
