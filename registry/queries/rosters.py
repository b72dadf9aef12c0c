"""Roster imports as the office may see them."""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.capabilities import Capability
from registry.models import Person, RegionVersion, RosterImport, RosterMark, User
from registry.permissions import scope_codes
from registry.queries.places import in_any_subtree
from registry.roster.undoing import LATER_ROSTER, LOGIN


def counties_of_office(user: User, capability: str = Capability.IMPORT_ROSTER) -> QuerySet[RegionVersion]:
    """Return today's counties in which `user` may import rosters (or as told), by code."""
    return RegionVersion.objects.filter(
        in_any_subtree(scope_codes(user, capability)),
        level=RegionVersion.Level.COUNTY,
        valid__contains=timezone.localdate(),
    ).order_by("code")


def rosters_of_office(user: User) -> QuerySet[RosterImport]:
    """Return the imports of the counties in which `user` may read them, newest first."""
    counties = counties_of_office(user, Capability.READ_ROSTERS).values("region")
    return RosterImport.objects.filter(county__in=counties).select_related("uploaded_by")


def imports_to_undo() -> QuerySet[RosterImport]:
    """Return the applied imports that noted what they made: those of before cannot be taken back."""
    noted = RosterMark.objects.filter(roster_import=OuterRef("pk"))
    return RosterImport.objects.filter(Exists(noted), state=RosterImport.State.APPLIED)


def county_names(user: User) -> dict[int, str]:
    """Return the names of her counties by region id."""
    return dict(counties_of_office(user, Capability.READ_ROSTERS).values_list("region", "name"))


def people_staying(staying: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return name and reasons, in words, of the people an undo leaves; in the order given."""
    names = dict(
        Person.objects.filter(uid__in=[each["person"] for each in staying]).values_list("uid", "name")
    )
    by_uid = {str(uid): name for uid, name in names.items()}
    return [
        (by_uid[each["person"]], [_reason(code) for code in each["reasons"]])
        for each in staying
        if each["person"] in by_uid
    ]


def _reason(code: str) -> str:
    if code == LATER_ROSTER:
        return _("a later list names her")
    if code == LOGIN:
        return _("she signs in")
    return str(apps.get_model(code)._meta.verbose_name)
