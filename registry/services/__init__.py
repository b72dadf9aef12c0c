"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.audit import record, verify_log
from registry.services.reveal import can_reveal, reveal_id_number, reveal_phone, revealed_until

__all__ = ["can_reveal", "record", "reveal_id_number", "reveal_phone", "revealed_until", "verify_log"]
