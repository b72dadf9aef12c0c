"""What reviews of rehearsals hold about a person, for the staff's page about her and for her own copy."""

from django.utils import timezone
from django.utils.translation import gettext as _

from livestream.models import Review, TimelineComment
from registry.held_data import Section
from registry.models import Person


def reviews_of(person: Person) -> Section:
    """Return the marks and remarks she was given, the newest first; two queries."""
    reviews = Review.objects.filter(session__person=person, state=Review.State.GIVEN)
    remarks = TimelineComment.objects.filter(session__person=person, state=TimelineComment.State.SHOWN)
    rows = [
        (each.given_at, [_day(each.given_at), f"{each.mark:f}", each.comment])
        for each in reviews.order_by("-given_at")
    ]
    rows += [
        (each.shown_at, [_day(each.shown_at), "", each.text or _("voice note")])
        for each in remarks.order_by("-shown_at")
    ]
    rows.sort(key=lambda row: str(row[0]), reverse=True)
    return Section(
        "rehearsal_reviews",
        _("Reviews of rehearsals"),
        [_("Date"), _("Mark"), _("What was said")],
        [row for _when, row in rows],
    )


def _day(moment: object) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""  # type: ignore[arg-type]
