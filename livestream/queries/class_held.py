"""What live classes hold about a person, for the staff's page about her and for her own copy."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from livestream.models import ChatMessage, ViewerPerson, ViewerSession
from registry.held_data import Section
from registry.models import Person

_AT = "%Y-%m-%d %H:%M"


def visits_of(person: Person) -> Section:
    """Return when she followed live classes, alone and before a station's screen; two queries."""
    alone = ViewerSession.objects.filter(person=person).select_related("live_class")
    together = ViewerPerson.objects.filter(person=person).select_related("live_class", "device")
    rows = [
        [each.live_class.title, _moment(each.joined_at), _moment(each.last_seen_at), ""] for each in alone
    ]
    rows += [
        [each.live_class.title, _moment(each.since), _moment(each.until), each.device.name]
        for each in together
    ]
    headings: list[str | Promise] = [_("Live class"), _("From"), _("To"), _("At the station")]
    return Section("live_classes", _("Live classes followed"), headings, sorted(rows, key=lambda row: row[1]))


def words_of(person: Person) -> Section:
    """Return what she wrote in live classes; one query."""
    said = ChatMessage.objects.filter(person=person).exclude(text="").select_related("live_class")
    rows = [[each.live_class.title, _moment(each.sent_at), each.text] for each in said]
    return Section(
        "live_chat", _("Written in live classes"), [_("Live class"), _("Sent"), _("Message")], rows
    )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime(_AT) if at else ""
