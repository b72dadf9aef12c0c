"""What a person asks about her own data: a copy, a correction, the deletion of her login (PIPL 44-47)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models.person import Person
from registry.models.user import User
from registry.private_files import private_storage


def data_copy_path(request: "PrivacyRequest", filename: str) -> str:
    """Keep the copy under a name that says nothing."""
    return f"copies/{request.uid}.zip"


class PrivacyRequest(models.Model):
    """One request. A copy is made by itself; the office decides the others until `due_on`."""

    class Kind(models.TextChoices):
        COPY = "copy", _("copy of my data")
        CORRECTION = "correction", _("correction")
        DELETION = "deletion", _("deletion of my login")

    class Field(models.TextChoices):
        NAME = "name", _("name")
        BIRTH_YEAR = "birth_year", _("birth year")
        SEX = "sex", _("sex")
        VILLAGE = "village", _("village")
        PHONE = "phone", _("phone")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        OPEN = "open", _("to be decided")
        GRANTED = "granted", _("done")
        REFUSED = "refused", _("refused")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    field = models.CharField(_("what is wrong"), max_length=10, choices=Field, blank=True)
    wish_sealed = models.BinaryField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("to be decided by"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, help_text=_("She reads it."))
    copy = models.FileField(
        _("copy"), storage=private_storage, upload_to=data_copy_path, max_length=200, blank=True
    )
    copy_expires_at = models.DateTimeField(_("copy can be fetched until"), null=True, blank=True)

    class Meta:
        verbose_name = _("request about one's own data")
        verbose_name_plural = _("requests about one's own data")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="request_by_due_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "field"], condition=Q(state="open"), name="request_is_open_once"
            ),
            models.CheckConstraint(
                name="correction_says_what_is_wrong",
                condition=Q(kind="correction") & ~Q(field="") | ~Q(kind="correction") & Q(field=""),
            ),
            models.CheckConstraint(
                name="open_request_is_undecided",
                condition=Q(state="open", decided_at__isnull=True, reason="")
                | ~Q(state="open") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="refused_request_has_a_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def wish(self) -> str:
        """What it should say instead, in her words; sealed, since it may be a phone number."""
        if self.wish_sealed is None:
            return ""
        return sealing.unseal(self.wish_sealed, context=self._context)

    @wish.setter
    def wish(self, text: str) -> None:
        self.wish_sealed = sealing.seal(text, context=self._context) if text else None

    @property
    def _context(self) -> str:
        return f"registry_privacyrequest.wish.{self.uid}"
