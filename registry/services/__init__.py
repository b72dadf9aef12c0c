"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import add_staff, appoint
from registry.services.audit import record, verify_log
from registry.services.audit_check import check_log
from registry.services.consent import give_consent, publish_consent_text, withdraw_consent
from registry.services.corrections import correct_person
from registry.services.erasure import erase_person
from registry.services.exports import (
    approve_export,
    ask_for_list,
    make_export,
    record_direct_export,
    record_download,
    refuse_export,
    wake_waiting_exports,
)
from registry.services.keys import SEALED_COLUMNS, SealedColumn, rotate_keys
from registry.services.linking import link_person
from registry.services.logins import open_login, set_phone
from registry.services.people import next_temporary_number, register_self
from registry.services.provisional_villages import approve_village, propose_village, refuse_village
from registry.services.region_changes import ChangeRequest, plan_of, record_change, recorded_change
from registry.services.region_edition import import_edition
from registry.services.region_history import import_history
from registry.services.regions import import_regions
from registry.services.requests import (
    grant_request,
    make_data_copy,
    make_request,
    refuse_request,
    wake_waiting_copies,
)
from registry.services.retention import (
    add_cleaner,
    apply_retention,
    hold_retention,
    release_retention,
)
from registry.services.reveal import can_reveal, reveal_id_number, reveal_phone, revealed_until
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
    "SEALED_COLUMNS",
    "ChangeRequest",
    "SealedColumn",
    "add_cleaner",
    "add_staff",
    "apply_file",
    "apply_retention",
    "apply_roster",
    "appoint",
    "approve_export",
    "approve_village",
    "ask_for_list",
    "can_reveal",
    "check_log",
    "check_roster",
    "correct_person",
    "erase_person",
    "give_consent",
    "grant_request",
    "hold_retention",
    "import_edition",
    "import_history",
    "import_regions",
    "link_person",
    "make_data_copy",
    "make_export",
    "make_request",
    "next_temporary_number",
    "open_login",
    "plan_of",
    "propose_village",
    "publish_consent_text",
    "record",
    "record_change",
    "record_direct_export",
    "record_download",
    "recorded_change",
    "refuse_export",
    "refuse_request",
    "refuse_village",
    "register_self",
    "rehearse_roster",
    "release_retention",
    "request_apply",
    "reveal_id_number",
    "reveal_phone",
    "revealed_until",
    "rotate_keys",
    "set_phone",
    "upload_roster",
    "verify_log",
    "wake_waiting_copies",
    "wake_waiting_exports",
    "wake_waiting_imports",
    "withdraw_consent",
]
