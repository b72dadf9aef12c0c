"""Everything we hold about a person, in words for her and as data for other systems (PIPL 45)."""

from typing import Any

from django.utils import timezone

from registry.held_data import held_about
from registry.models import AuditAction, AuditEntry, Person, PrivacyRequest
from registry.queries.consent import consents_of
from registry.queries.places import version_on

_LOOKED = (AuditAction.ID_NUMBER_REVEALED, AuditAction.PHONE_REVEALED)


def data_of(person: Person) -> dict[str, Any]:
    """Return plain data: her record in clear, households, consents, requests, who looked, and the rest."""
    return {
        "person": _record(person),
        "households": [
            _household(membership) for membership in person.memberships.select_related("household")
        ],
        "consents": [_sheet(sheet) for sheet in consents_of(person)],
        "requests": [_request(request) for request in PrivacyRequest.objects.filter(person=person)],
        "numbers_shown_to_staff": [
            {"at": _moment(entry.at), "what": entry.get_action_display()}
            for entry in AuditEntry.objects.filter(person=person, action__in=_LOOKED)
        ],
        "held": {
            section.key: {
                "title": str(section.title),
                "headings": [str(heading) for heading in section.headings],
                "rows": section.rows,
            }
            for section in held_about(person)
        },
    }


def _record(person: Person) -> dict[str, Any]:
    village = version_on(person.village, timezone.localdate()) if person.village else None
    return {
        "name": person.name,
        "sex": person.get_sex_display(),
        "birth_year": person.birth_year,
        "village": village.name if village else "",
        "village_code": village.code if village else "",
        "id_number": person.id_number,
        "temporary_number": person.temporary_number or "",
        "identity": person.get_identity_level_display(),
        "phone": person.phone,
        "phone_owner": person.get_phone_owner_display(),
        "login_phone": person.user.phone if person.user else "",
        "created": _moment(person.created_at),
    }


def _household(membership: Any) -> dict[str, Any]:
    return {
        "number": membership.household.number,
        "relation": membership.relation,
        "from": _day(membership.valid.lower),
        "until": _day(membership.valid.upper),
        "status": [
            {"label": period.label, "from": _day(period.valid.lower), "until": _day(period.valid.upper)}
            for period in membership.household.status_periods.all()
        ],
    }


def _sheet(sheet: Any) -> dict[str, Any]:
    return {
        "given_on": _day(sheet.given_on),
        "how": sheet.get_channel_display(),
        "items": [
            {"item": item.get_item_display(), "until": _day(item.ended_on)} for item in sheet.items.all()
        ],
    }


def _request(request: PrivacyRequest) -> dict[str, Any]:
    return {
        "kind": request.get_kind_display(),
        "asked": _moment(request.asked_at),
        "state": request.get_state_display(),
        "reason": request.reason,
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
