"""Taking away what was said to and by a deleted person. Marks stay: they are what the county counts by."""

from functools import partial

from django.db import transaction
from django.db.models import Q

from livestream.models import (
    Analysis,
    CommentAnswer,
    Measurement,
    Review,
    ReviewRequest,
    TimelineComment,
)
from registry.models import Person
from registry.queries.people import records_of


@transaction.atomic
def forget_reviews(*, person: Person) -> None:
    """Delete remarks on her rehearsals, measurements, and all words; marks stay as numbers.

    What lies with a recording that is held stays with it.
    """
    hers = Q(session__person__in=records_of(person), session__held_since__isnull=True)
    remarks = TimelineComment.objects.filter(hers)
    voices = [remark.voice for remark in remarks.exclude(voice="")]
    CommentAnswer.objects.filter(remark__in=remarks).delete()
    remarks.delete()
    for model in (Measurement, Analysis):
        model.objects.filter(hers).delete()
    ReviewRequest.objects.filter(hers).update(went_well="", was_hard="", watch_for="")
    Review.objects.filter(hers).exclude(comment="").update(comment="")
    for voice in voices:
        transaction.on_commit(partial(voice.storage.delete, voice.name or ""), robust=True)
