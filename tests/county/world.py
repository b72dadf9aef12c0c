"""A small country in which anything may happen: what random histories of counting are made of."""

from datetime import date

from django.utils import timezone

from county.facts import refresh_facts
from courses.models import Course, EarlierBusiness, Enrolment, Outcome, TrainingClass
from registry.models import Person
from registry.queries.places import version_on
from registry.services import merge_people, unmerge_people
from tests.factories.certificates import (
    CourseFactory,
    EnrolmentFactory,
    PersonFactory,
    TrainingClassFactory,
    attend,
    issued,
    place,
)
from tests.factories.registry import UserFactory
from tests.registry.places_in_time import change, plant

STEPS = [
    "enrolment",
    "attendance",
    "correction",
    "person",
    "state",
    "completion",
    "certificate",
    "earlier_business",
    "outcome",
    "decision",
    "course_changes",
    "merge",
    "unmerge",
    "village_moves",
    "village_ends",
    "village_splits",
    "repin",
    "class_moves",
    "withdraw",
    "read",
]
COUNTRY = {
    "99": "示例省",
    "9901": "示例市",
    "990101": "甲县",
    "990102": "乙县",
    "990101100": "东镇",
    "990102100": "南镇",
    "990101100200": "一村",
    "990101100201": "二村",
    "990102100200": "五村",
}
HOMES = ["990101100200", "990101100201", "990102100200", "990101"]


class World:
    """A small country in which a random step is taken after another; each picks by number."""

    def __init__(self):
        self.country = plant(COUNTRY)
        self.by, self.verifier = UserFactory.create_batch(2)
        self.people = PersonFactory.create_batch(4)
        first, second = CourseFactory.create_batch(2)
        self.classes = [
            TrainingClassFactory(
                course=course,
                county=self.country[code],
                county_code=code,
                starts_on=date(2025, month, 1),
                ends_on=date(2025, month, 28),
                is_for_cadres=month == 8,
                closed=True,
            )
            for month, code, course in ((1, "990101", first), (8, "990102", first), (7, "990101", second))
        ]
        self.last_merge = None
        self.documents = 0

    def take(self, step, pick):
        getattr(self, step)(pick)

    def _one(self, model, pick, **only):
        found = list(model.objects.filter(**only).order_by("pk"))
        return found[pick % len(found)] if found else None

    def enrolment(self, pick):
        person, training_class = self.people[pick % 4], self.classes[pick // 4 % 3]
        if Enrolment.objects.filter(person=person, training_class=training_class).exists():
            return
        home = self.country[HOMES[pick % 5]] if pick % 5 < 4 else None
        version = version_on(home, training_class.starts_on) if home else None
        EnrolmentFactory(
            person=person,
            training_class=training_class,
            village=home,
            village_version=version,
            was_registered=pick % 2 == 0,
            was_monitored=pick % 3 == 0,
            minutes=45 if pick % 7 else 0,
        )

    def attendance(self, pick):
        if enrolment := self._one(Enrolment, pick):
            attend(enrolment, 45, date(2025, 1, 1 + pick % 20))

    def correction(self, pick):
        if enrolment := self._one(Enrolment, pick):
            attend(enrolment, -45)

    def person(self, pick):
        person = self.people[pick % 4]
        person.refresh_from_db()
        person.sex, person.birth_year, person.identity_level = "FM"[pick % 2], 1950 + pick % 50, pick % 4
        person.save()

    def state(self, pick):
        state = ["open", "closed", "cancelled"][pick % 3]
        TrainingClass.objects.filter(pk=self.classes[pick // 3 % 3].pk).update(state=state)

    def completion(self, pick):
        found = self._one(Enrolment, pick, completed_at=None, withdrawn_at=None)
        if found:
            found.completed_at, found.completed_hours, found.completed_practical = found.enrolled_at, 24, 80
            found.completed_registered = pick % 2 == 0
            found.save()

    def certificate(self, pick):
        found = self._one(
            Enrolment, pick, completed_at__isnull=False, training_class__state__in=["open", "closed"]
        )
        if found and not found.certificates.exists():
            issued(found)
        elif found:
            found.certificates.update(state="revoked", state_reason="red_line")

    def earlier_business(self, pick):
        if enrolment := self._one(Enrolment, pick):
            EarlierBusiness.objects.update_or_create(
                enrolment=enrolment,
                defaults={"had_one": pick % 2 == 0, "said_at": timezone.now(), "recorded_by": self.by},
            )

    def outcome(self, pick):
        Outcome.objects.create(
            person=self.people[pick % 4],
            operator=self.people[pick // 4 % 4] if pick % 3 == 0 else None,
            kind="job",
            happened_on=date(2025, 1 + pick % 12, 28),
            claimed_at=timezone.now(),
            claimed_by=self.by,
        )

    def decision(self, pick):
        if outcome := self._one(Outcome, pick):
            outcome.decisions.create(
                verdict="refused" if pick % 4 == 0 else "verified",
                way="phone",
                reason="核实",
                decided_at=timezone.now(),
                decided_by=self.verifier,
                claimed_by=self.by,
            )

    def course_changes(self, pick):
        categories = Course.Category.values
        Course.objects.filter(pk=self.classes[0].course_id).update(
            category=categories[pick % len(categories)]
        )

    def merge(self, pick):
        free = list(
            Person.objects.filter(kept_as=None, pk__in=[one.pk for one in self.people]).order_by("pk")
        )
        if len(free) > 1:
            kept, absorbed = free[pick % len(free)], free[(pick + 1) % len(free)]
            self.last_merge = merge_people(kept=kept, absorbed=absorbed, by=self.by, reason="同一人")

    def unmerge(self, pick):
        if self.last_merge and not self.last_merge.is_undone:
            self.last_merge = unmerge_people(merge=self.last_merge, by=self.by, reason="认错了")

    def _change(self, kind, *args, **kwargs):
        self.documents += 1
        change(kind, date(2026, 1, 1), *args, document=f"{self.documents}号", **kwargs)

    def village_moves(self, pick):
        village = self.country["990101100200"]
        version = version_on(village, date(2026, 1, 1))
        if version and version.code.startswith("990101"):
            self._change("transfer", [village], ["990102100"])

    def village_ends(self, pick):
        village = self.country["990101100201"]
        if version_on(village, date(2026, 1, 1)):
            self._change("abolish", [village])

    def village_splits(self, pick):
        village = self.country["990101100200"]
        version = version_on(village, date(2026, 1, 1))
        if version and version.code.startswith("990101"):
            parts = [(f"{version.code[:9]}{number}", f"{number}村") for number in (218, 219)]
            self._change("split", [village], parts)

    def repin(self, pick):
        if enrolment := self._one(Enrolment, pick):
            enrolment.village_version = place("990102100200")
            enrolment.village = enrolment.village_version.region
            enrolment.save()

    def class_moves(self, pick):
        where = self.country[["990101", "990102"][pick % 2]]
        TrainingClass.objects.filter(pk=self.classes[pick // 2 % 3].pk).update(
            ends_on=date(2025, 8 + pick % 5, 28), funding_region=where, place_code="990102100200"
        )

    def withdraw(self, pick):
        found = self._one(Enrolment, pick, completed_at=None, withdrawn_at=None)
        if found:
            found.withdrawn_at = found.enrolled_at
            found.save()

    def read(self, pick):
        refresh_facts(timezone.localdate())
