"""Facts added up, so that a question costs the same however many people stand behind its answer.

Heads (R6) do not add up over months. They do once a row says when its people were counted before: a human
being is new to a period in the one month of it before which she was last counted before the period began.
So it is with each reading of her (registered poor, completed): it has its own month before, in its own cell.
`cells.py` writes these rows together with the facts they come from; nothing else does.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cell(models.Model):
    """Where and when: a region of one of the views and maps, in a month."""

    class View(models.TextChoices):
        THEN = "t", _("origin as then")
        NOW = "n", _("origin as now")
        PLACE = "p", _("place of the class")
        FUNDING = "f", _("who pays")

    view = models.CharField(max_length=1, choices=View)
    level = models.PositiveSmallIntegerField(_("length of the code"), help_text=_("0 is the nation."))
    code = models.CharField(max_length=12, blank=True, db_collation="C")
    course_id = models.BigIntegerField(_("course, or 0: all"))
    month = models.SmallIntegerField(_("twelve times the year, plus the months before this one in it"))

    class Meta:
        abstract = True


class CountCell(Cell):
    """Of the people counted in a month: of how many each reading held before in another one, or never."""

    category = models.CharField(_("category of the course, or empty: all"), max_length=20, blank=True)
    previous = models.SmallIntegerField(
        _("month before"), help_text=_("The last before this one that a reading held in; 0: never before.")
    )
    heads = models.IntegerField(_("people counted in the month"))
    poor_heads = models.IntegerField()
    registered_heads = models.IntegerField()
    monitored_heads = models.IntegerField()
    aided_heads = models.IntegerField()
    open_heads = models.IntegerField(_("people in classes that are not for officials"))
    open_poor_heads = models.IntegerField(_("those registered poor in one of them"))
    completed_heads = models.IntegerField()
    sold_before = models.IntegerField(_("those who sold online before the class"))
    due_or_sold_before = models.IntegerField(_("those, and those whose 180 days are over"))
    converted_or_sold_before = models.IntegerField(_("those, and those with a verified outcome in time"))
    women = models.IntegerField()
    unverified = models.IntegerField()
    under_35 = models.IntegerField()
    from_35_to_59 = models.IntegerField()
    from_60 = models.IntegerField()
    enrolled = models.IntegerField()
    in_training = models.IntegerField()
    person_times = models.IntegerField()
    poor_person_times = models.IntegerField()
    poor_at_completion = models.IntegerField()
    completed = models.IntegerField()
    certificates = models.IntegerField()
    repeats = models.IntegerField()
    minutes = models.BigIntegerField()
    days = models.IntegerField()
    open_person_times = models.IntegerField(_("person-times outside classes for officials"))
    open_poor_person_times = models.IntegerField(_("those by people registered poor"))

    class Meta:
        verbose_name = _("count cell")
        verbose_name_plural = _("count cells")
        constraints = [
            models.UniqueConstraint(
                fields=["view", "level", "course_id", "category", "code", "month", "previous"],
                name="people_alike_have_one_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.month}: {self.heads}"


class ClassCell(Cell):
    """How many human beings one class counts in a region; the class is one wherever they come from."""

    training_class_id = models.BigIntegerField()
    people = models.IntegerField()

    class Meta:
        verbose_name = _("class cell")
        verbose_name_plural = _("class cells")
        constraints = [
            models.UniqueConstraint(
                fields=["view", "level", "code", "month", "training_class_id", "course_id"],
                name="class_has_one_cell_in_a_region",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.training_class_id}: {self.people}"
