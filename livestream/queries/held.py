"""What livestream coaching holds about a person, for the staff's page about her and for her own copy."""

from django.utils import timezone
from django.utils.translation import gettext as _

from livestream.models import LiveSession
from registry.held_data import Section
from registry.models import Person


def rehearsals_of(person: Person) -> Section:
    """Return her rehearsals, the newest first, and what there is of each recording; one query."""
    sessions = (
        LiveSession.objects.filter(person=person)
        .select_related("run_version", "build")
        .order_by("-created_at", "-pk")
    )
    return Section(
        "rehearsals",
        _("Rehearsals"),
        [_("Run-of-show"), _("Attempt"), _("Begun at"), _("State"), _("Recorded seconds"), _("Removed on")],
        [_row(session) for session in sessions],
    )


def _row(session: LiveSession) -> list[str]:
    build = getattr(session, "build", None)
    began, removed = session.started_at, session.erased_at
    return [
        session.run_version.title if session.run_version else "",
        str(session.attempt or ""),
        timezone.localtime(began).strftime("%Y-%m-%d %H:%M") if began else "",
        session.get_state_display(),
        str(round(build.seconds)) if build else "",
        timezone.localdate(removed).isoformat() if removed else "",
    ]
