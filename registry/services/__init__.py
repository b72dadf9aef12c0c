"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import add_staff, appoint
from registry.services.people import register_self
from registry.services.provisional_villages import approve_village, propose_village, refuse_village
from registry.services.region_changes import ChangeRequest, plan_of, record_change, recorded_change
from registry.services.region_edition import import_edition
from registry.services.region_history import import_history
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

__all__ = [
    "ChangeRequest",
    "add_staff",
    "apply_file",
    "apply_roster",
    "appoint",
    "approve_village",
    "check_roster",
    "import_edition",
    "import_history",
    "import_regions",
    "plan_of",
    "propose_village",
    "record_change",
    "recorded_change",
    "refuse_village",
    "register_self",
    "rehearse_roster",
    "request_apply",
    "upload_roster",
    "wake_waiting_imports",
]
