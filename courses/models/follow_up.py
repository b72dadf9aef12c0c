"""What became of the trained: coaches who go on seeing them, their shops, outcomes somebody verified (R13).

Declared, not measured: an outcome counts only after another person than its claimant verified it. Claims and
decisions are rows that stay; a second thought is a second decision.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from registry.models import Person
from registry.private_files import private_storage


class Shop(models.Model):
    """A trainee's place to sell, by its address; selling and paying happen there, not here."""

    class Channel(models.TextChoices):
        LOCAL_MALL = "local_mall", _("the county's own mall")
        TMALL = "tmall", _("Tmall or Taobao")
        JD = "jd", _("JD.com")
        PINDUODUO = "pinduoduo", _("Pinduoduo")
        DOUYIN = "douyin", _("Douyin")
        KUAISHOU = "kuaishou", _("Kuaishou")
        WECHAT = "wechat", _("WeChat shop or channel")
        OTHER = "other", _("elsewhere")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="shops")
    channel = models.CharField(_("where"), max_length=20, choices=Channel)
    name = models.CharField(_("name of the shop"), max_length=80)
    url = models.URLField(_("link"), max_length=300)
    opened_on = models.DateField(_("open since"), null=True, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("taken off at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shop link")
        verbose_name_plural = _("shop links")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "url"], condition=Q(closed_at__isnull=True), name="shop_is_linked_once"
            ),
            models.CheckConstraint(name="shop_link_is_a_web_address", condition=Q(url__regex=r"^https?://")),
        ]

    def __str__(self) -> str:
        return self.name


class EarlierBusiness(models.Model):
    """What a trainee sold online before her class, as she said when she enrolled or was visited (R13)."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="earlier_business")
    had_one = models.BooleanField(_("sold online before the class"))
    said_at = models.DateTimeField(_("said at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("earlier business")
        verbose_name_plural = _("earlier businesses")

    def __str__(self) -> str:
        return f"{self.enrolment} {self.had_one}"


def outcome_evidence_path(outcome: "Outcome", filename: str) -> str:
    """Keep the picture under a name of our own."""
    return f"outcomes/{outcome.uid}.jpg"


class Outcome(models.Model):
    """Somebody says what a trainee achieved after her training; by itself it proves nothing."""

    class Kind(models.TextChoices):
        FIRST_SHOP = "first_shop", _("first shop of her own")
        PAID_BROADCAST = "paid_broadcast", _("first paid broadcast")
        JOB = "job", _("a job")
        OWN_STALL = "own_stall", _("a stall of her own on a mall")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="outcomes")
    operator = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="operated_outcomes",
        null=True,
        blank=True,
        verbose_name=_("named operator of a family shop"),
        help_text=_("Of a family's shop only its operator counts."),
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    happened_on = models.DateField(_("on"))
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="outcomes", null=True, blank=True)
    employer = models.CharField(_("employer or mall"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    picture = models.FileField(
        _("picture that proves it"), storage=private_storage, upload_to=outcome_evidence_path, blank=True
    )
    picture_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed at"))
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claimed_outcomes")
    client_token = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["happened_on", "pk"]
        indexes = [models.Index(fields=["person", "happened_on"])]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"


class OutcomeDecision(models.Model):
    """Somebody else than the claimant looked into an outcome; the newest decision holds."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("not confirmed")

    class Way(models.TextChoices):
        VISIT = "visit", _("visited")
        PHONE = "phone", _("asked by phone")
        LINK = "link", _("looked at the shop or broadcast")
        PAPERS = "papers", _("saw the papers")

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="decisions")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    way = models.CharField(_("how it was checked"), max_length=10, choices=Way)
    reason = models.CharField(_("what was found"), max_length=300)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision on an outcome")
        verbose_name_plural = _("decisions on outcomes")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="nobody_verifies_what_she_claimed", condition=~Q(decided_by=F("claimed_by"))
            ),
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.get_verdict_display()}"


class IncomeDeclaration(models.Model):
    """A monthly band that a trainee declared herself, before a class or after it (R14); deletable, hers."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before the class")
        AFTER = "after", _("after the class")

    class Band(models.IntegerChoices):
        """Monthly income from selling, in yuan."""

        NONE = 0, _("nothing")
        UP_TO_500 = 1, _("up to 500 yuan")
        UP_TO_1000 = 2, _("500 to 1,000 yuan")
        UP_TO_2000 = 3, _("1,000 to 2,000 yuan")
        UP_TO_5000 = 4, _("2,000 to 5,000 yuan")
        ABOVE_5000 = 5, _("more than 5,000 yuan")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="income_declarations")
    moment = models.CharField(_("when"), max_length=10, choices=Moment)
    band = models.PositiveSmallIntegerField(_("monthly income from selling"), choices=Band)
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("declared income")
        verbose_name_plural = _("declared incomes")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment"], name="income_is_declared_once_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.get_moment_display()}"


class CoachAssignment(models.Model):
    """A coach looks after a trainee from one day to another; she has one coach at a time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="coached")
    person = models.ForeignKey(Person, models.PROTECT, related_name="coach_assignments")
    since = models.DateField(_("from"))
    until = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day."))
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("assigned at"))

    class Meta:
        verbose_name = _("coach of a trainee")
        verbose_name_plural = _("coaches of trainees")
        ordering = ["-assigned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="trainee_has_one_coach_at_a_time"
            ),
            models.CheckConstraint(
                name="coaching_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coach} · {self.person}"


class Visit(models.Model):
    """One time a coach saw or spoke to a trainee after her class, and what comes next."""

    class Way(models.TextChoices):
        VISIT = "visit", _("at her place")
        PHONE = "phone", _("by phone")
        ONLINE = "online", _("online")

    class Help(models.TextChoices):
        """What the visit was about, so that the office sees what is needed."""

        SHOP = "shop", _("opening or running a shop")
        BROADCAST = "broadcast", _("broadcasting")
        PACKAGING = "packaging", _("packaging and dispatch")
        SUPPLY = "supply", _("goods and supply")
        NONE = "none", _("no help wanted now")

    assignment = models.ForeignKey(CoachAssignment, models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("on"))
    way = models.CharField(_("how"), max_length=10, choices=Way)
    help = models.CharField(_("help with"), max_length=20, choices=Help)
    found = models.CharField(_("what I saw"), max_length=500)
    next_step = models.CharField(_("what comes next"), max_length=300, blank=True)
    next_on = models.DateField(_("next visit on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_token = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="next_visit_comes_later",
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("visited_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.visited_on}"
