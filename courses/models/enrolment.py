"""A confirmed place of a person in a class, with what was true of her on that day (R2, R8-R11)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.training_class import TrainingClass
from registry.models import Person, Region, RegionVersion


class Enrolment(models.Model):
    """One person in one class, once (E2). The village and status are those of the day she enrolled.

    A place that was given up before she ever came (`withdrawn_at`) is none: it counts nowhere.
    """

    class Category(models.TextChoices):
        """Who she is to the office, apart from her household's status (domain.md 1)."""

        VILLAGER = "villager", _("villager")
        RETURNED = "returned", _("returned youth or graduate")
        VETERAN = "veteran", _("veteran")
        COOPERATIVE = "cooperative", _("co-operative or company staff")
        KEEPER = "keeper", _("station keeper")
        VILLAGE_CADRE = "village_cadre", _("village cadre")
        OFFICIAL = "official", _("official")
        ADMINISTRATOR = "administrator", _("system administrator")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    seat = models.PositiveSmallIntegerField(
        _("number on the roster"), null=True, blank=True, help_text=_("Of taught classes.")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.VILLAGER)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("enrolled by"),
        help_text=_("Nobody when she enrolled herself."),
    )
    village = models.ForeignKey(Region, models.PROTECT, related_name="+", null=True, blank=True)
    village_version = models.ForeignKey(
        RegionVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    was_registered = models.BooleanField(_("registered poor that day (R9)"), default=False)
    was_ever_registered = models.BooleanField(_("ever registered by that day (R10)"), default=False)
    was_monitored = models.BooleanField(_("monitored that day (R11)"), default=False)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_hours = models.DecimalField(
        _("hours at completion"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    completed_practical = models.DecimalField(
        _("practical mark at completion"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    completed_registered = models.BooleanField(
        _("registered poor on the day of completion"), null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(_("place given up at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_reason = models.CharField(_("why it was given up"), max_length=200, blank=True)
    last_lesson_key = models.UUIDField(_("lesson last opened"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened at"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [models.Index(fields=["village_version", "training_class"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "training_class"],
                condition=Q(withdrawn_at__isnull=True),
                name="person_has_one_place_in_a_class",
            ),
            models.UniqueConstraint(fields=["training_class", "seat"], name="seat_is_taken_once_in_a_class"),
            models.CheckConstraint(
                name="completed_place_is_not_given_up",
                condition=Q(withdrawn_at__isnull=True) | Q(completed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="completion_keeps_its_figures",
                condition=Q(completed_at__isnull=True)
                | Q(completed_hours__isnull=False, completed_practical__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.training_class}"


class WaitingPlace(models.Model):
    """Somebody waits for a place in a full class; when one frees, the first in line has it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PLACED = "placed", _("has a place")
        GIVEN_UP = "given_up", _("given up")

    person = models.ForeignKey(Person, models.PROTECT, related_name="waiting_places")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="waiting_places")
    category = models.CharField(
        _("category"), max_length=20, choices=Enrolment.Category, default=Enrolment.Category.VILLAGER
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, related_name="waiting_place", null=True, blank=True
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("place on the waiting list")
        verbose_name_plural = _("waiting list")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "training_class"],
                condition=Q(state="waiting"),
                name="person_waits_once_for_a_class",
            ),
            models.CheckConstraint(
                name="who_has_a_place_has_an_enrolment",
                condition=Q(state="placed", enrolment__isnull=False)
                | (~Q(state="placed") & Q(enrolment__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.training_class}"
