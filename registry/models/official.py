"""Where officials and teachers work."""

from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from registry.models.place import Region


class SingleTextRange(Func):
    """A one-element range of text, so that GiST can compare a word for equality without an extension.

    The type `registry_textrange` is made by migration 0009.
    """

    function = "registry_textrange"
    output_field = models.TextField()

    def __init__(self, word: models.Expression | F) -> None:
        super().__init__(word, word, Value("[]"))


class Organisation(models.Model):
    """An office, a centre, a town's station or a body that trains (承训机构), in the place where it sits."""

    name = models.CharField(_("name"), max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="organisation_is_named_once_in_a_place")
        ]

    def __str__(self) -> str:
        return self.name
