"""A question an official asks again and again, kept under a name."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Region


class SavedView(models.Model):
    """The page and the query of a question. It opens nothing: the page asks again who may."""

    class Page(models.TextChoices):
        GLANCE = "glance", _("at a glance")
        FIGURES = "figures", _("figures")
        TILES = "tiles", _("map of villages")
        COMPARE = "compare", _("comparison")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    office = models.ForeignKey(
        Region, models.PROTECT, related_name="+", help_text=_("Whose officials see it when it is shared.")
    )
    name = models.CharField(_("name"), max_length=60)
    page = models.CharField(_("page"), max_length=10, choices=Page)
    query = models.CharField(_("question"), max_length=500, blank=True)
    is_shared = models.BooleanField(_("shared with the office"), default=False)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_is_named_once"),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
