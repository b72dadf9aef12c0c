"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import (
    Post,
    add_staff,
    appoint,
    end_appointment,
    post_of,
    sync_admin_groups,
    transfer,
)
from registry.services.audit import record, verify_log
from registry.services.audit_check import check_log
from registry.services.cards import (
    IssuedCard,
    cancel_card,
    check_stub,
    choose_pictures,
    issue_card,
    prove_card,
)
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
from registry.services.logins import login_for, open_login, replace_phone, set_mail_address, set_phone
from registry.services.merging import decide_pair, merge_people, unmerge_people
from registry.services.people import next_temporary_number, register_listed, register_self
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
)
from registry.services.roster_runs import cancel_roster, wake_waiting_imports
from registry.services.roster_undo import preview_undo, request_undo, undo_roster
from registry.services.second_factor import reset_second_factor, set_demo_second_factor
from registry.services.stations import assist_sign_in, register_device, revoke_device
from registry.services.status import end_status

__all__ = [
    "SEALED_COLUMNS",
    "ChangeRequest",
    "IssuedCard",
    "Post",
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
    "assist_sign_in",
    "can_reveal",
    "cancel_card",
    "cancel_roster",
    "check_log",
    "check_roster",
    "check_stub",
    "choose_pictures",
    "correct_person",
    "decide_pair",
    "end_appointment",
    "end_status",
    "erase_person",
    "give_consent",
    "grant_request",
    "hold_retention",
    "import_edition",
    "import_history",
    "import_regions",
    "issue_card",
    "link_person",
    "login_for",
    "make_data_copy",
    "make_export",
    "make_request",
    "merge_people",
    "next_temporary_number",
    "open_login",
    "plan_of",
    "post_of",
    "preview_undo",
    "propose_village",
    "prove_card",
    "publish_consent_text",
    "record",
    "record_change",
    "record_direct_export",
    "record_download",
    "recorded_change",
    "refuse_export",
    "refuse_request",
    "refuse_village",
    "register_device",
    "register_listed",
    "register_self",
    "rehearse_roster",
    "release_retention",
    "replace_phone",
    "request_apply",
    "request_undo",
    "reset_second_factor",
    "reveal_id_number",
    "reveal_phone",
    "revealed_until",
    "revoke_device",
    "rotate_keys",
    "set_demo_second_factor",
    "set_mail_address",
    "set_phone",
    "sync_admin_groups",
    "transfer",
    "undo_roster",
    "unmerge_people",
    "upload_roster",
    "verify_log",
    "wake_waiting_copies",
    "wake_waiting_exports",
    "wake_waiting_imports",
    "withdraw_consent",
]
