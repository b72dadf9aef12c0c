"""Requests about one's own data: hers, and those the office has to decide."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from registry.models import Person, PrivacyRequest
from registry.queries.people_search import people_in


def requests_of(person: Person) -> QuerySet[PrivacyRequest]:
    """Return everything she asked, newest first."""
    return PrivacyRequest.objects.filter(person=person)


def requests_in(scopes: Iterable[str], on: date) -> QuerySet[PrivacyRequest]:
    """Return the requests of people in the regions: those to be decided first, the most urgent on top."""
    return (
        PrivacyRequest.objects.filter(person__in=people_in(scopes, on))
        .exclude(kind=PrivacyRequest.Kind.COPY, state=PrivacyRequest.State.OPEN)
        .select_related("person", "decided_by")
        .order_by("-state", "due_on", "-asked_at", "-pk")
    )
