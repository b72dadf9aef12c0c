"""The stories anybody may read today: of those who agree to it, about what somebody verified."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from courses.models import Course, Outcome, Shop, Story
from courses.queries.follow_up import completed_by, shops_of, verified_outcomes
from registry.models import Consent, Person
from registry.queries.consent import people_with_consent
from registry.queries.people import records_of

_HUMAN = Coalesce("person__kept_as", "person")


@dataclass(frozen=True)
class ToldStory:
    """A story with what stands behind it: outcomes, courses and shops, and nothing of her household."""

    story: Story
    outcomes: list[Outcome]
    courses: list[Course]
    shops: list[Shop]


def stories_shown(on: date) -> QuerySet[Story]:
    """Return the stories of those who agree to it on that day, the newest first."""
    achieved = verified_outcomes().filter(Q(person=OuterRef("human")) | Q(person__kept_as=OuterRef("human")))
    return (
        Story.objects.filter(taken_off_at__isnull=True)
        .annotate(human=_HUMAN)
        .filter(Exists(achieved), human__in=people_with_consent(Consent.Item.SUCCESS_STORY, on).values("pk"))
    )


def told(story: Story) -> ToldStory:
    """Return a story with what stands behind it."""
    person = story.person
    outcomes = verified_outcomes().filter(person__in=records_of(person)).order_by("happened_on", "pk")
    taken = {one.training_class.course_id: one.training_class.course for one in completed_by(person)}
    return ToldStory(story, list(outcomes), list(taken.values()), list(shops_of(person)))


def story_of(person: Person) -> Story | None:
    """Return the story of a person that was not taken off, whether it is shown or not."""
    return Story.objects.filter(person__in=records_of(person), taken_off_at__isnull=True).first()


def stories_told_of(person: Person) -> QuerySet[Story]:
    """Return every story ever published of a person, for what we hold about her."""
    return Story.objects.filter(person__in=records_of(person)).order_by(F("published_at").desc())
