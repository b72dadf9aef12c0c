"""How long what is kept: rules as data, each with its source and a hold that stops it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.user import User


class RetentionRule(models.Model):
    """One kind of data and for how many days after its work is done it is kept."""

    class Subject(models.TextChoices):
        ROSTER_FILES = "roster_files", _("roster files and their refused rows")
        ABANDONED_ROSTERS = "abandoned_rosters", _("uploaded rosters that were never applied")
        SENT_MESSAGES = "sent_messages", _("sent text messages")
        REVEAL_GRANTS = "reveal_grants", _("leaves to see a number")
        EXPORT_FILES = "export_files", _("exported lists")
        DATA_COPIES = "data_copies", _("copies of one's own data")
        WISHES = "wishes", _("the words of decided requests")
        SIGN_IN_PHOTOS = "sign_in_photos", _("sign-in photos")
        RAW_RECORDINGS = "raw_recordings", _("raw parts of recordings that can be watched")
        REHEARSAL_RECORDINGS = "rehearsal_recordings", _("recordings of rehearsals")

    subject = models.CharField(_("what"), max_length=30, choices=Subject, unique=True)
    keep_days = models.PositiveIntegerField(_("days kept"))
    source = models.CharField(_("source of the rule"), max_length=200)
    hold_reason = models.CharField(_("held because"), max_length=300, blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["subject"]
        constraints = [
            models.CheckConstraint(
                name="hold_says_why_and_since_when",
                condition=Q(hold_reason="", held_since__isnull=True)
                | ~Q(hold_reason="") & Q(held_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.get_subject_display()

    @property
    def is_held(self) -> bool:
        """Whether nothing of it may be removed for now, such as during an inspection."""
        return self.held_since is not None
