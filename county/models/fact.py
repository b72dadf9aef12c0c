"""What is counted, worked out in advance: one row a human being and class. Nobody writes it but `facts.py`.

Everything here follows from enrolments, the ledger, classes, certificates, people and places. Triggers of the
migration note in `StaleFact` whatever changes there, in the transaction that changes it; whoever reads a
count first works off the notes (`facts.refresh_facts`). So an answer is exact at the moment it is asked.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, TrainingClass
from registry.models import Person


class CountedPlace(models.Model):
    """One human being in one class that is open or closed, with all a question may ask of it."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+", db_constraint=False)
    training_class = models.ForeignKey(
        TrainingClass, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    course = models.ForeignKey(
        Course, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    course_category = models.CharField(max_length=20)
    ends_on = models.DateField(_("last day of the class"))
    is_closed = models.BooleanField()
    is_for_cadres = models.BooleanField()
    counts = models.BooleanField(_("is a person-time"))
    region_id = models.BigIntegerField(_("place she was registered in, else the class's county"))
    then_place = models.CharField(max_length=12, null=True, db_collation="C")  # noqa: DJ001 - NULL: unallocated
    then_within = models.CharField(max_length=12, db_collation="C")
    now_place = models.CharField(max_length=12, null=True, db_collation="C")  # noqa: DJ001 - NULL: unallocated
    now_within = models.CharField(max_length=12, db_collation="C")
    class_place = models.CharField(max_length=12, db_collation="C")
    funding_place = models.CharField(max_length=12, db_collation="C")
    was_registered = models.BooleanField()
    was_ever_registered = models.BooleanField()
    was_monitored = models.BooleanField()
    completed_registered = models.BooleanField()
    sex = models.CharField(max_length=1, blank=True)
    aged = models.IntegerField(_("year of the last day times four, plus the age group that year"))
    identity_level = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20)
    is_completed = models.BooleanField()
    is_certified = models.BooleanField()
    is_repeat = models.BooleanField(_("again the same course within 12 months (R15)"))
    flags = models.SmallIntegerField(_("the readings of a person as bits"), help_text=_("See ledger.py."))
    minutes = models.IntegerField()
    days = models.PositiveSmallIntegerField(_("days attended"))

    class Meta:
        verbose_name = _("counted place")
        verbose_name_plural = _("counted places")
        indexes = [
            models.Index(fields=["then_within", "ends_on"], name="counted_then"),
            models.Index(fields=["now_within", "ends_on"], name="counted_now"),
            models.Index(fields=["class_place", "ends_on"], name="counted_at_class"),
            models.Index(fields=["funding_place", "ends_on"], name="counted_for_funding"),
            models.Index(fields=["ends_on"], name="counted_by_day"),
            models.Index(fields=["region_id"], name="counted_in_region"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person"], name="human_being_is_counted_once_in_a_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.training_class_id}"


class StaleFact(models.Model):
    """Something changed that facts follow from; written by triggers, worked off by `facts.refresh_facts`."""

    class Kind(models.TextChoices):
        ENROLMENT = "E", _("enrolment")
        PERSON = "P", _("person")
        CLASS = "C", _("class")
        REGION = "R", _("place")
        SUCCESSION = "S", _("succession of places")

    kind = models.CharField(max_length=1, choices=Kind)
    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("note of a change")
        verbose_name_plural = _("notes of changes")

    def __str__(self) -> str:
        return f"{self.kind}{self.key}"


class FactsDay(models.Model):
    """The day for which the facts say where places lie now."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    day = models.DateField()

    class Meta:
        verbose_name = _("day of the facts")
        verbose_name_plural = _("day of the facts")
        constraints = [models.CheckConstraint(name="facts_have_one_day", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.day.isoformat()
