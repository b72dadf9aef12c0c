"""What a person has agreed to, item by item, in which words, how and when; and when she took it back.

Personal Information Protection Law: separate consent for sensitive data, handing on and publishing (23, 25,
29), withdrawn as easily as given and no bar to training when refused (15, 16), a guardian's below 14 (31).
The migration adds triggers: texts and sheets stay as they are, an item only ever gets its end.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import Person
from registry.models.user import User
from registry.private_files import private_storage


def consent_scan_path(consent: "Consent", filename: str) -> str:
    """Keep the scanned sheet under a name of our own; the sender's may hold anything."""
    return f"consents/{consent.uid}"


class ConsentText(models.Model):
    """The words people were shown, in one language; a new wording is a new version."""

    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=12)
    introduction = models.TextField(
        _("introduction"), help_text=_("Who asks, that a no bars nobody from learning, how to take it back.")
    )
    items = models.JSONField(_("items"), help_text=_("For each item its sentence in plain words."))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="consent_text_is_published_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.language}"


class Consent(models.Model):
    """One sheet: the text a person was shown, however many of its items she ticked."""

    class Item(models.TextChoices):
        ID_MATCHING = "id_matching", _("ID number for finding her in the roster")
        PHONE_FOLLOW_UP = "phone_follow_up", _("calls after the training")
        PHOTOS_IN_LEDGER = "photos_in_ledger", _("photos in the training ledger")
        SUCCESS_STORY = "success_story", _("her story in public")
        EXPORT_TO_PROVINCE = "export_to_province", _("handing on to the province")
        RECORD_REHEARSAL = "record_rehearsal", _("recording her rehearsals")
        PEERS_WATCH = "peers_watch", _("fellow trainees watch her rehearsals")
        SHOWCASE_REHEARSAL = "showcase_rehearsal", _("her rehearsals shown in public")

    class Channel(models.TextChoices):
        SELF = "self", _("herself, on this site")
        PAPER = "paper", _("on paper")
        ORAL = "oral", _("spoken")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    ticked = models.JSONField(_("ticked"), help_text=_("Every item ticked on the sheet, new or not."))
    channel = models.CharField(_("way of consent"), max_length=10, choices=Channel)
    first_witness = models.CharField(_("first witness"), max_length=100, blank=True)
    second_witness = models.CharField(_("second witness"), max_length=100, blank=True)
    guardian = models.CharField(_("parent or guardian"), max_length=100, blank=True)
    scan = models.FileField(
        _("scanned sheet"), storage=private_storage, upload_to=consent_scan_path, blank=True
    )
    given_on = models.DateField(_("given on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="spoken_consent_has_two_witnesses",
                condition=~Q(channel="oral")
                | (~Q(first_witness="") & ~Q(second_witness="") & ~Q(first_witness=F("second_witness"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} {self.get_channel_display()}"


class ConsentItem(models.Model):
    """One ticked item: in force from `given_on` until the day before `ended_on`."""

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("given anew in other words")

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="items")
    person = models.ForeignKey(Person, models.PROTECT, related_name="consent_items")
    item = models.CharField(_("item"), max_length=30, choices=Consent.Item)
    given_on = models.DateField(_("given on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end = models.CharField(_("kind of end"), max_length=10, choices=End, blank=True)
    end_channel = models.CharField(_("way it ended"), max_length=10, choices=Consent.Channel, blank=True)
    end_recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    end_recorded_at = models.DateTimeField(_("end recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent item")
        verbose_name_plural = _("consent items")
        ordering = ["given_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=Q(ended_on__isnull=True),
                name="consent_item_is_open_once",
            ),
            models.UniqueConstraint(fields=["consent", "item"], name="consent_item_is_ticked_once"),
            models.CheckConstraint(
                name="consent_item_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("given_on")),
            ),
            models.CheckConstraint(
                name="consent_item_ends_as_a_whole",
                condition=Q(
                    ended_on__isnull=True,
                    end="",
                    end_channel="",
                    end_recorded_by__isnull=True,
                    end_recorded_at__isnull=True,
                )
                | (
                    Q(
                        ended_on__isnull=False,
                        end_recorded_by__isnull=False,
                        end_recorded_at__isnull=False,
                    )
                    & ~Q(end="")
                    & ~Q(end_channel="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.get_item_display()
