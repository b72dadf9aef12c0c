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
    SegmentMark,
    TimelineComment,
)
from registry.models import Person


@transaction.atomic
def forget_reviews(*, person: Person) -> None:
    """Delete remarks on her rehearsals and by her, measurements, and all words; marks stay as numbers."""
    hers = Q(session__person=person)
    authored = Q(author=person.user) if person.user_id else Q(pk__in=[])
    remarks = TimelineComment.objects.filter(hers | (authored & Q(role=TimelineComment.Role.PEER)))
    voices = [remark.voice for remark in remarks.exclude(voice="")]
    CommentAnswer.objects.filter(remark__in=remarks).delete()
    remarks.delete()
    for model in (SegmentMark, Measurement, Analysis):
        model.objects.filter(hers).delete()
    ReviewRequest.objects.filter(hers).update(went_well="", was_hard="", watch_for="")
    Review.objects.filter(hers).exclude(comment="").update(comment="")
    for voice in voices:
        transaction.on_commit(partial(voice.storage.delete, voice.name or ""), robust=True)
