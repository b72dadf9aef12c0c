"""Who did what, to whom, when and from where: a chain of entries that nobody can quietly change.

The migration adds triggers: PostgreSQL refuses to update, delete or truncate entries. What a database owner
could still do with the triggers off, the chain shows: `hash` covers the entry and the one before it under a
key the database does not hold, and `AuditHead` says how far the chain goes.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import Person
from registry.models.user import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class AuditAction(models.TextChoices):
    """What can be logged. An app above adds its own line here; no migration follows from it."""

    ID_NUMBER_REVEALED = "id_number_revealed", _("ID number shown")
    PHONE_REVEALED = "phone_revealed", _("phone number shown")
    REVEAL_REFUSED = "reveal_refused", _("number not shown")
    PERSON_CHANGED = "person_changed", _("person changed")
    PEOPLE_MERGED = "people_merged", _("two records made one")
    MERGE_UNDONE = "merge_undone", _("one record made two again")
    PAIR_DECIDED = "pair_decided", _("decided on a likely pair")
    PERSON_REGISTERED = "person_registered", _("person registered by herself")
    ACCOUNT_LINKED = "account_linked", _("login linked to a person")
    LOGIN_PHONE_CHANGED = "login_phone_changed", _("number of a login changed")
    ROSTER_APPLIED = "roster_applied", _("roster applied")
    ROSTER_UNDONE = "roster_undone", _("roster undone")
    APPOINTED = "appointed", _("appointed")
    APPOINTMENT_ENDED = "appointment_ended", _("appointment ended")
    PLACES_CHANGED = "places_changed", _("places changed")
    VILLAGE_PROPOSED = "village_proposed", _("village proposed")
    VILLAGE_APPROVED = "village_approved", _("village approved")
    VILLAGE_REFUSED = "village_refused", _("village refused")
    SIGN_IN_ASSISTED = "sign_in_assisted", _("sign-in with help")
    CARD_ISSUED = "card_issued", _("sign-in card issued")
    CARD_CANCELLED = "card_cancelled", _("sign-in card cancelled")
    PICTURES_CHOSEN = "pictures_chosen", _("pictures of a sign-in card chosen")
    PHONE_REPLACED = "phone_replaced", _("sign-in number replaced")
    STATION_REGISTERED = "station_registered", _("station device registered")
    STATION_REVOKED = "station_revoked", _("station device revoked")
    SECOND_FACTOR_RESET = "second_factor_reset", _("second proof taken away")
    WECHAT_LINKED = "wechat_linked", _("WeChat linked to a login")
    EXPORT_ASKED = "export_asked", _("list asked for")
    EXPORT_APPROVED = "export_approved", _("list approved")
    EXPORT_REFUSED = "export_refused", _("list refused")
    EXPORTED = "exported", _("list exported")
    EXPORT_DOWNLOADED = "export_downloaded", _("list downloaded")
    REQUEST_MADE = "request_made", _("request about her own data")
    REQUEST_GRANTED = "request_granted", _("request granted")
    REQUEST_REFUSED = "request_refused", _("request refused")
    PERSON_ERASED = "person_erased", _("login and contact data deleted")
    RETENTION_APPLIED = "retention_applied", _("old data removed")
    RETENTION_HELD = "retention_held", _("removal of old data stopped")
    RETENTION_RELEASED = "retention_released", _("removal of old data goes on")
    AUDIT_BROKEN = "audit_broken", _("audit log found changed")
    CONSENT_TEXT_PUBLISHED = "consent_text_published", _("consent text published")
    CONSENT_GIVEN = "consent_given", _("consent given")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("consent withdrawn")
    KEYS_ROTATED = "keys_rotated", _("keys changed")
    CERTIFICATE_ISSUED = "certificate_issued", _("certificate issued")
    CERTIFICATES_ORDERED = "certificates_ordered", _("certificates ordered for a class")
    CERTIFICATE_REVOCATION_PROPOSED = "certificate_revocation_proposed", _("revocation proposed")
    CERTIFICATE_REVOCATION_REFUSED = "certificate_revocation_refused", _("revocation refused")
    CERTIFICATE_REVOKED = "certificate_revoked", _("certificate revoked")
    CERTIFICATE_OBJECTED = "certificate_objected", _("holder objected to a revocation")
    CERTIFICATE_OBJECTION_ANSWERED = "certificate_objection_answered", _("objection answered")
    CERTIFICATE_REISSUED = "certificate_reissued", _("certificate reissued")
    CERTIFICATES_PRINTED = "certificates_printed", _("certificates taken out to print")
    CERTIFICATE_SHARED = "certificate_shared", _("certificate shared by a link")
    CERTIFICATE_SHARE_ENDED = "certificate_share_ended", _("link to a certificate ended")
    CERTIFICATE_TEMPLATE_SAVED = "certificate_template_saved", _("certificate template saved")
    CERTIFICATE_DESIGN_APPROVED = "certificate_design_approved", _("certificate design approved")
    SIGNING_KEYS_CHANGED = "signing_keys_changed", _("keys of certificates changed")
    WORK_MARKED = "work_marked", _("practical work marked")
    WORK_RETURNED = "work_returned", _("practical work returned")
    CLASS_PLANNED = "class_planned", _("class planned")
    CLASS_SUBMITTED = "class_submitted", _("class submitted")
    CLASS_SENT_BACK = "class_sent_back", _("class sent back")
    CLASS_CHECKED = "class_checked", _("class checked")
    CLASS_APPROVED = "class_approved", _("class approved")
    CLASS_CANCELLED = "class_cancelled", _("class cancelled")
    CLASS_CAPACITY_CHANGED = "class_capacity_changed", _("number of places in a class changed")
    CLASS_TEACHER_NAMED = "class_teacher_named", _("login of a class's teacher named")
    SHEET_PRINTED = "sheet_printed", _("sign-in sheet printed")
    SITTING_MOVED = "sitting_moved", _("sitting moved")
    SITTING_CANCELLED = "sitting_cancelled", _("sitting cancelled")
    SITTING_CONFIRMED = "sitting_confirmed", _("sitting confirmed")
    PLACE_TAKEN = "place_taken", _("place in a class taken")
    PLACE_GIVEN_UP = "place_given_up", _("place in a class given up")
    ATTENDANCE_CORRECTED = "attendance_corrected", _("attendance corrected")
    REHEARSAL_REVIEWED = "rehearsal_reviewed", _("rehearsal reviewed")
    RECORDING_HELD = "recording_held", _("recording kept beyond its time")
    RECORDING_RELEASED = "recording_released", _("recording no longer kept beyond its time")
    RECORDING_REMOVED = "recording_removed", _("recording removed")
    CLASS_CLOSED = "class_closed", _("class closed")
    CLASS_IMPORTED = "class_imported", _("class taken over from an old ledger")
    PAPER_ADDED = "paper_added", _("paper put into a ledger")
    PAPER_TAKEN_OUT = "paper_taken_out", _("paper taken out of a ledger")
    LEDGER_TAKEN = "ledger_taken", _("ledger of a class taken")
    FLAG_SETTLED = "flag_settled", _("flag settled")
    FLAG_REOPENED = "flag_reopened", _("settlement of a flag taken back")
    AUDIT_SAMPLE_DRAWN = "audit_sample_drawn", _("phone-audit sample drawn")
    AUDIT_CALL_MADE = "audit_call_made", _("audit call made")
    COACH_ASSIGNED = "coach_assigned", _("coach of a trainee changed")
    OUTCOME_DECIDED = "outcome_decided", _("outcome looked into")
    RETURN_PREPARED = "return_prepared", _("return filled in")
    RETURN_CHECKED = "return_checked", _("return checked")
    RETURN_SENT_BACK = "return_sent_back", _("return sent back")
    LIVE_CLASS_SCHEDULED = "live_class_scheduled", _("live class scheduled")
    LIVE_CLASS_CHANGED = "live_class_changed", _("live class moved or changed")
    LIVE_CLASS_CANCELLED = "live_class_cancelled", _("live class cancelled")
    LIVE_CLASS_ENDED = "live_class_ended", _("live class ended")
    CHAT_MODERATED = "chat_moderated", _("chat of a live class moderated")
    SEATED_AT_STATION = "seated_at_station", _("seen before a station's screen")
    RETURN_FROZEN = "return_frozen", _("return frozen")
    STORY_PUBLISHED = "story_published", _("story of a trainee published")
    STORY_TAKEN_OFF = "story_taken_off", _("story of a trainee taken off")
    TARGET_SET = "target_set", _("target of a year set")
    API_TOKEN_MADE = "api_token_made", _("token of the interface made")
    API_TOKEN_REVOKED = "api_token_revoked", _("token of the interface revoked")
    API_READ = "api_read", _("read through the interface")


def audit_actions() -> "list[tuple[str, StrOrPromise]]":
    """Return the choices; as a function, so that a new action is data and not a migration."""
    return [(action.value, action.label) for action in AuditAction]


class AuditEntry(models.Model):
    """One thing somebody did. Written by `services.audit.record` only; numbers have no gaps."""

    seq = models.PositiveBigIntegerField(_("entry number"), primary_key=True)
    at = models.DateTimeField(_("logged at"))
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("done by"))
    action = models.CharField(_("action"), max_length=40, choices=audit_actions)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="audit_entries", null=True, verbose_name=_("person")
    )
    region_code = models.CharField(_("region"), max_length=12, blank=True, db_collation="C")
    detail = models.JSONField(_("detail"), default=dict)
    network = models.CharField(
        _("network"), max_length=43, blank=True, help_text=_("The network, not the device: a /24 or /48.")
    )
    key_id = models.PositiveSmallIntegerField(editable=False)
    previous_hash = models.BinaryField(editable=False)
    hash = models.BinaryField(unique=True, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["actor", "action", "at"], name="audit_by_actor"),
            models.Index(fields=["region_code", "seq"], name="audit_by_region"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """How far the chain goes, signed: the one row that shows when the newest entries were cut off."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField()
    hash = models.BinaryField(editable=False)
    key_id = models.PositiveSmallIntegerField(editable=False)
    signature = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("head of the audit log")
        verbose_name_plural = _("head of the audit log")
        constraints = [models.CheckConstraint(name="audit_log_has_one_head", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.seq)


class AuditCheck(models.Model):
    """What a walk of the whole chain found: the office sees the newest, the next one starts from its head."""

    at = models.DateTimeField(_("checked at"))
    entries = models.PositiveBigIntegerField(_("entries"))
    head = models.CharField(_("newest entry"), max_length=90, help_text=_("Its number and hash."))
    broken_at = models.PositiveBigIntegerField(_("broken at entry"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("check of the audit log")
        verbose_name_plural = _("checks of the audit log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.problem}"

    @property
    def is_intact(self) -> bool:
        """Whether every entry stood as it was written."""
        return self.broken_at is None


class RevealGrant(models.Model):
    """For five minutes `actor` may see one number of one person again without a new reason."""

    class Field(models.TextChoices):
        ID_NUMBER = "id_number", _("ID number")
        PHONE = "phone", _("phone")

    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    field = models.CharField(_("which number"), max_length=10, choices=Field)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="grant")
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("leave to see a number")
        verbose_name_plural = _("leaves to see a number")
        indexes = [models.Index(fields=["actor", "person", "field", "expires_at"], name="grant_in_force")]

    def __str__(self) -> str:
        return f"{self.get_field_display()} {self.expires_at:%Y-%m-%d %H:%M}"
