"""A class (培训班): one delivery of a course, with its plan and the steps it went through."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from registry.models import Organisation, Region
from registry.private_files import private_storage


def approval_path(training_class: "TrainingClass", filename: str) -> str:
    """Return where the scan of the approval is kept; the sender's file name never reaches the disk."""
    return f"classes/{training_class.uid}/approval-{uuid.uuid4()}"


class TrainingClass(models.Model):
    """One delivery of a course; a self-paced course has one a month and county (E22).

    An online class opens by itself. A taught class is planned and submitted by the training body, its roster
    checked by the town, approved by the office, held, and closed by the office: the last step counts it (R7).
    Three accounts at least, each with one duty (A14). Who it was for, where it was held and who paid for it
    are three separate regions (E16).
    """

    class Kind(models.TextChoices):
        ONLINE = "online", _("monthly online class")
        TAUGHT = "taught", _("taught class")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SUBMITTED = "submitted", _("submitted")
        CHECKED = "checked", _("checked")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="classes")
    county = models.ForeignKey(Region, models.PROTECT, related_name="classes")
    county_code = models.CharField(_("county code when it was opened"), max_length=6)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("class number in the county and year"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), help_text=_("The date its person-times count for (R7)."))
    training_body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="classes",
        null=True,
        blank=True,
        verbose_name=_("training body"),
        help_text=_("May sit in another region than the class."),
    )

    # The plan of a taught class
    planned_hours = models.DecimalField(
        _("planned class hours"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    is_for_cadres = models.BooleanField(
        _("for officials"),
        default=False,
        help_text=_("Such classes stay out of the share of the poor (R12)."),
    )
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    room_capacity = models.PositiveSmallIntegerField(_("seats in the room"), null=True, blank=True)
    place_region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("place of the class")
    )
    place_code = models.CharField(
        _("code of its place when it was planned"), max_length=12, blank=True, db_collation="C"
    )
    funding_region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who pays")
    )
    budget_line = models.CharField(_("budget line"), max_length=80, blank=True)
    lead_teacher = models.CharField(_("lead teacher"), max_length=60, blank=True)
    lead_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="classes_led",
        null=True,
        blank=True,
        verbose_name=_("login of the lead teacher"),
    )
    approval_number = models.CharField(_("number of the approval"), max_length=60, blank=True)
    approval_scan = models.FileField(
        _("scan of the approval"), upload_to=approval_path, storage=private_storage, blank=True
    )

    # The steps, each by another account
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("closed by"),
        help_text=_("Nobody when it closed by itself."),
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_reason = models.CharField(_("why it did not take place"), max_length=200, blank=True)
    imported_at = models.DateTimeField(
        _("taken over from an old ledger at"),
        null=True,
        blank=True,
        help_text=_("Run on paper before this site; its steps are in the papers."),
    )
    ledger_name = models.CharField(_("name in its old ledger"), max_length=80, blank=True)
    ledger_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Of what the old ledger said about it.")
    )

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-starts_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "number"], name="class_number_is_unique_in_county_year"
            ),
            models.UniqueConstraint(
                fields=["course", "county", "starts_on"],
                condition=Q(kind="online", state="open"),
                name="one_open_online_class_a_month",
            ),
            models.CheckConstraint(
                name="class_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="class_plan_has_hours", condition=Q(planned_hours__isnull=True) | Q(planned_hours__gt=0)
            ),
            models.CheckConstraint(
                name="class_has_room", condition=Q(capacity__isnull=True) | Q(capacity__gt=0)
            ),
            # Each step has its day, and a taught class has gone through those before its state.
            models.CheckConstraint(
                name="class_was_submitted",
                condition=~Q(kind="taught", state__in=["submitted", "checked"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="class_was_checked",
                condition=~Q(kind="taught", state="checked")
                | Q(checked_at__isnull=False, checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="taught_class_was_approved",
                condition=~Q(kind="taught", state__in=["open", "closed"])
                | Q(approved_at__isnull=False)
                | Q(imported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="class_of_an_old_ledger_was_taken_over",
                condition=Q(ledger_sha256="") | Q(imported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="class_is_cancelled_for_a_reason",
                condition=Q(cancelled_at__isnull=True) | (Q(state="cancelled") & ~Q(cancelled_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.label}"

    @property
    def label(self) -> str:
        """Year and number as the office writes them: 2026-0012."""
        return f"{self.year}-{self.number:04d}"

    @property
    def plan_hours(self) -> Decimal:
        """The hours R4 measures against: the plan's, else the course's."""
        return self.course.hours if self.planned_hours is None else self.planned_hours

    @property
    def is_taught(self) -> bool:
        """Whether people come together for it."""
        return self.kind == self.Kind.TAUGHT

    @property
    def is_ahead(self) -> bool:
        """Whether it still goes through plan, check and approval."""
        return self.state in (self.State.PLANNED, self.State.SUBMITTED, self.State.CHECKED)
