"""Publishing a trainee's story and taking it off; without her consent there is none."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.errors import NothingVerified, StoryNotAllowed, StoryTellsStatus
from courses.models import Story
from courses.queries.follow_up import verified_outcomes
from registry.models import AuditAction, Consent, Person, User
from registry.queries.consent import has_consent
from registry.queries.people import records_of, root_of
from registry.services import record

# What a story never says of anybody: no poverty status, no misery for sale (domain brief, section 5).
_STATUS = re.compile(r"贫困户|贫困人口|建档立卡|脱贫户|脱贫人口|监测户|监测对象|低保|特困|五保")


@transaction.atomic
def publish_story(
    *, person: Person, public_name: str, title: str, text: str, by: User, now: datetime | None = None
) -> Story:
    """Show a story of what a trainee achieved; it takes the place of the one before.

    Raises StoryNotAllowed without her consent, NothingVerified, and StoryTellsStatus.
    """
    now = now or timezone.now()
    root = Person.objects.select_for_update(no_key=True).get(pk=root_of(person).pk)
    if not has_consent(root, Consent.Item.SUCCESS_STORY, timezone.localdate(now)):
        raise StoryNotAllowed
    if not verified_outcomes().filter(person__in=records_of(root)).exists():
        raise NothingVerified
    if any(_STATUS.search(each) for each in (public_name, title, text)):
        raise StoryTellsStatus
    _end(root, now)
    story = Story.objects.create(
        person=root, public_name=public_name, title=title, text=text, published_by=by, published_at=now
    )
    record(
        actor=by, action=AuditAction.STORY_PUBLISHED, person=root, detail={"story": str(story.uid)}, now=now
    )
    return story


@transaction.atomic
def take_off_stories(*, person: Person, by: User | None, now: datetime | None = None) -> int:
    """Take a trainee's story off the site; returns how many there were."""
    now = now or timezone.now()
    ended = _end(person, now)
    if ended:
        record(actor=by, action=AuditAction.STORY_TAKEN_OFF, person=root_of(person), now=now)
    return ended


@transaction.atomic
def forget_stories(*, person: Person, now: datetime | None = None) -> None:
    """Take away what stories said of a deleted person."""
    _end(person, now or timezone.now())
    Story.objects.filter(person__in=records_of(person)).update(public_name="", title="", text="")


def _end(person: Person, now: datetime) -> int:
    shown = Story.objects.filter(person__in=records_of(person), taken_off_at__isnull=True)
    return shown.update(taken_off_at=now)
