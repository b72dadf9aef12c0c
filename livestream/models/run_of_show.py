"""The run-of-show (流程单): what a host shows and says, piece by piece, with its time.

A rehearsal keeps the version it used. Segments and product cards keep their `key` from version to version,
so that one attempt can be laid beside the next.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person
from registry.private_files import private_storage

MAX_SEGMENT_SECONDS = 60 * 60


class RunOfShow(models.Model):
    """A person's plan for a broadcast; its content lives in versions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="runs_of_show")
    client_token = models.UUIDField(_("token of the sender"))
    created_at = models.DateTimeField(_("created at"))
    put_away_at = models.DateTimeField(_("put away at"), null=True, blank=True)

    class Meta:
        verbose_name = _("run-of-show")
        verbose_name_plural = _("runs-of-show")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "client_token"], name="run_of_show_is_begun_once")
        ]

    def __str__(self) -> str:
        return f"{self.uid}"


class RunVersion(models.Model):
    """One version of a run-of-show. From `used_at` on it stays as it is: a rehearsal went by it."""

    run = models.ForeignKey(RunOfShow, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=80)
    saved_at = models.DateTimeField(_("saved at"))
    used_at = models.DateTimeField(_("first used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a run-of-show")
        verbose_name_plural = _("versions of a run-of-show")
        ordering = ["run", "-number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_versions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


def product_picture_path(card: "ProductCard", filename: str) -> str:
    """Name the picture by its content; the sender's name may hold anything."""
    return f"products/{card.version.run.uid}/{card.picture_sha256}.jpg"


class ProductCard(models.Model):
    """What the host must have ready about one product: all that a buyer asks."""

    version = models.ForeignKey(RunVersion, models.CASCADE, related_name="products")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("product"), max_length=60)
    origin = models.CharField(_("origin"), max_length=80, blank=True)
    variety = models.CharField(_("variety"), max_length=80, blank=True)
    grade = models.CharField(_("grade and size"), max_length=80, blank=True)
    taste = models.CharField(_("taste"), max_length=120, blank=True)
    weight = models.CharField(_("net weight"), max_length=60, blank=True)
    price = models.DecimalField(_("price in yuan"), max_digits=9, decimal_places=2, null=True, blank=True)
    dispatch = models.CharField(_("dispatch"), max_length=80, blank=True)
    after_sales = models.CharField(_("after-sales promise"), max_length=200, blank=True)
    papers = models.CharField(_("papers"), max_length=200, blank=True)
    trace_code = models.CharField(_("trace code"), max_length=80, blank=True)
    picture = models.FileField(
        _("picture"), storage=private_storage, upload_to=product_picture_path, max_length=200, blank=True
    )
    picture_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("product card")
        verbose_name_plural = _("product cards")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="product_is_once_in_a_version"),
            models.CheckConstraint(
                name="price_is_above_zero", condition=Q(price__isnull=True) | Q(price__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def facts(self) -> list[str]:
        """What is known of it apart from its price, in the order a buyer asks."""
        told: list[str] = [self.weight, self.origin, self.variety, self.grade, self.taste]
        told += [self.dispatch, self.after_sales, self.papers, self.trace_code]
        return [fact for fact in told if fact]


class RunSegment(models.Model):
    """A piece of the broadcast: what it is for, how long, what is said, what is done."""

    class Kind(models.TextChoices):
        WARM_UP = "warm_up", _("warm-up")
        HOOK = "hook", _("hook")
        WHO = "who", _("who needs it")
        PROOF = "proof", _("proof")
        PRICE = "price", _("price and rules")
        ORDER = "order", _("how to order")
        QUESTIONS = "questions", _("answering questions")
        BRIDGE = "bridge", _("bridge to the next")
        THANKS = "thanks", _("thanks and next date")

    version = models.ForeignKey(RunVersion, models.CASCADE, related_name="segments")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    planned_seconds = models.PositiveSmallIntegerField(_("planned time"))
    script = models.TextField(_("what I say"), blank=True, max_length=2000)
    cue = models.CharField(_("cue: what I do or show"), max_length=200, blank=True)
    product = models.ForeignKey(ProductCard, models.SET_NULL, related_name="segments", null=True, blank=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="segment_is_once_in_a_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="segments_are_in_one_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="segment_takes_a_second_to_an_hour",
                condition=Q(planned_seconds__gte=1, planned_seconds__lte=MAX_SEGMENT_SECONDS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.get_kind_display()}"
