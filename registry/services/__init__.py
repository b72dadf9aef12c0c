"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.audit import record, verify_log

__all__ = ["record", "verify_log"]
