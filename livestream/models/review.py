"""Asking for a review, and the reviews themselves: a second thought is a new row, a coach's newest holds."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from livestream.models.rubric import Rubric
from livestream.models.session import LiveSession


class ReviewRequest(models.Model):
    """A host asks for her rehearsal to be looked at, after she has looked at it herself."""

    session = models.OneToOneField(LiveSession, models.PROTECT, related_name="review_request")
    went_well = models.CharField(_("what went well"), max_length=300)
    was_hard = models.CharField(_("what was hard"), max_length=300)
    watch_for = models.CharField(_("what the coach should look at"), max_length=300, blank=True)
    wanted = models.PositiveSmallIntegerField(_("coaches needed"), default=1)
    is_for_peers = models.BooleanField(_("fellow trainees may comment"), default=False)
    asked_at = models.DateTimeField(_("asked at"))
    closed_at = models.DateTimeField(_("fully reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for a review")
        verbose_name_plural = _("requests for reviews")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(closed_at__isnull=True), name="review_requests_open"
            )
        ]
        constraints = [
            models.CheckConstraint(name="one_or_two_coaches_review", condition=Q(wanted__in=[1, 2]))
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.asked_at:%Y-%m-%d}"


class Review(models.Model):
    """What one coach makes of one rehearsal. A draft is also her claim on it, as long as its lease runs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being reviewed")
        GIVEN = "given", _("given")
        RELEASED = "released", _("put back")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="reviews")
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews_given")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    levels = models.JSONField(_("level 0-4 of each rubric line"), default=dict)
    red_lines = models.JSONField(_("red lines crossed"), default=list)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    mark = models.DecimalField(_("mark, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    has_red_line = models.BooleanField(_("red line crossed"), default=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name=_("corrects")
    )
    claimed_at = models.DateTimeField(_("taken at"))
    lease_until = models.DateTimeField(_("kept for her until"))
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["marker", "state"], name="reviews_of_a_marker")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "marker"], condition=Q(state="draft"), name="one_draft_of_a_coach"
            ),
            models.UniqueConstraint(
                fields=["session", "marker"],
                condition=Q(state="given", corrects__isnull=True),
                name="coach_reviews_once_then_corrects",
            ),
            models.CheckConstraint(
                name="review_mark_is_a_percentage", condition=Q(mark__isnull=True) | Q(mark__range=(0, 100))
            ),
            models.CheckConstraint(
                name="given_review_has_a_mark",
                condition=~Q(state="given") | Q(mark__isnull=False, given_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_corrects_another",
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.marker_id} {self.state}"
