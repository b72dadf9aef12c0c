"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import add_staff, appoint
from registry.services.people import register_self
from registry.services.regions import import_regions
from registry.services.roster import (
    apply_file,
    apply_roster,
    check_roster,
    rehearse_roster,
    request_apply,
    upload_roster,
    wake_waiting_imports,
)
from registry.services.sign_in import forget_unproven_users, link_person

__all__ = [
    "add_staff",
    "apply_file",
    "apply_roster",
    "appoint",
    "check_roster",
    "forget_unproven_users",
    "import_regions",
    "link_person",
    "register_self",
    "rehearse_roster",
    "request_apply",
    "upload_roster",
    "wake_waiting_imports",
]
