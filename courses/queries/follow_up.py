"""Reads over follow-up: whom a coach looks after, what waits to be verified, a trainee's own story."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from courses.models import CoachAssignment, Enrolment, Outcome, OutcomeDecision, Shop, Visit
from registry.capabilities import Capability, roles_that_may
from registry.models import Membership, Person, RegionVersion, User
from registry.permissions import scope_codes
from registry.queries.people import records_of
from registry.queries.people_search import people_in

# As `str(user)` says it.
_SHOWN_NAME = Coalesce(NullIf("coach__display_name", Value("")), "coach__username")
_HERS = Q(person=OuterRef("pk")) | Q(person__kept_as=OuterRef("pk"))


def coach_reaches(coach: User, person: Person, on: date) -> bool:
    """Tell whether `coach` follows people up in the region where `person` lives."""
    scopes = scope_codes(coach, Capability.FOLLOW_UP, on)
    return bool(scopes) and people_in(scopes, on).filter(pk=person.pk).exists()


def load_of(coach: User) -> int:
    """Return how many people a coach looks after now."""
    return CoachAssignment.objects.filter(coach=coach, until__isnull=True).count()


def trained_people(scopes: Iterable[str], on: date) -> QuerySet[Person]:
    """Return the people of some regions who completed a class, with what their follow-up needs.

    Annotated: last completion, coach (as she is shown), last and next visit, claims, verified outcomes.
    Who was visited longest ago, or never, comes first.
    """
    completed = Enrolment.objects.filter(_HERS, completed_at__isnull=False)
    current = CoachAssignment.objects.filter(person=OuterRef("pk"), until__isnull=True)
    visits = Visit.objects.filter(assignment__person=OuterRef("pk"))
    return (
        people_in(scopes, on)
        .filter(Exists(completed), kept_as__isnull=True)
        .annotate(
            completed_on=Subquery(completed.order_by("-completed_at").values("completed_at")[:1]),
            coach=Subquery(current.annotate(who=_SHOWN_NAME).values("who")[:1]),
            coach_pk=Subquery(current.values("coach")[:1]),
            seen_on=Subquery(visits.values("visited_on")[:1]),
            next_on=Subquery(visits.values("next_on")[:1]),
            claims=Count("outcomes", distinct=True),
            verified=Count(
                "outcomes", filter=Q(outcomes__in=verified_outcomes().values("pk")), distinct=True
            ),
        )
        .order_by(F("seen_on").asc(nulls_first=True), "name_key", "pk")
    )


def coached_by(coach: User) -> QuerySet[CoachAssignment]:
    """Return whom a coach looks after, with last and next visit; whose next visit is due comes first."""
    return (
        CoachAssignment.objects.filter(coach=coach, until__isnull=True)
        .select_related("person")
        .annotate(
            seen_on=Max("visits__visited_on"),
            next_on=Subquery(Visit.objects.filter(assignment=OuterRef("pk")).values("next_on")[:1]),
        )
        .order_by(F("next_on").asc(nulls_last=True), F("seen_on").asc(nulls_first=True), "pk")
    )


def verified_outcomes() -> QuerySet[Outcome]:
    """Return the outcomes whose newest decision says that they are so."""
    return Outcome.objects.alias(verdict=_newest_verdict()).filter(verdict=OutcomeDecision.Verdict.VERIFIED)


def outcomes_to_decide(scopes: Iterable[str], on: date) -> QuerySet[Outcome]:
    """Return the claims of people of some regions that nobody has looked into, the oldest first."""
    return (
        Outcome.objects.annotate(verdict=_newest_verdict())
        .filter(person__in=people_in(scopes, on), verdict__isnull=True)
        .select_related("person", "operator", "shop", "claimed_by")
        .order_by("claimed_at", "pk")
    )


def outcomes_of(person: Person) -> QuerySet[Outcome]:
    """Return what was claimed for a person, with the newest verdict on each."""
    return (
        Outcome.objects.filter(person__in=records_of(person))
        .annotate(verdict=_newest_verdict())
        .select_related("shop", "operator")
        .prefetch_related("decisions")
    )


def shops_of(person: Person) -> QuerySet[Shop]:
    """Return the shops a person links to."""
    return Shop.objects.filter(person__in=records_of(person), closed_at__isnull=True)


def visits_of(person: Person) -> QuerySet[Visit]:
    """Return the log of visits of a person, the newest first."""
    return Visit.objects.filter(assignment__person__in=records_of(person)).select_related("assignment__coach")


def coaches_in(scopes: Iterable[str], on: date | None = None) -> list[User]:
    """Return who may be given trainees of some regions, by user name."""
    day = on or timezone.localdate()
    regions = RegionVersion.objects.filter(valid__contains=day)
    within = Q(pk__in=[])
    for code in scopes:
        within |= Q(code__startswith=code)
    found = User.objects.filter(
        is_active=True,
        appointments__role__in=roles_that_may(Capability.FOLLOW_UP),
        appointments__valid__contains=day,
        appointments__region__in=regions.filter(within).values("region"),
    )
    return list(found.distinct().order_by("username"))


def _newest_verdict() -> Subquery:
    return Subquery(OutcomeDecision.objects.filter(outcome=OuterRef("pk")).values("verdict")[:1])


def completed_by(person: Person) -> QuerySet[Enrolment]:
    """Return the classes a person completed, newest first, with what she sold before and declared."""
    return (
        Enrolment.objects.filter(person__in=records_of(person), completed_at__isnull=False)
        .select_related("training_class__course", "earlier_business")
        .prefetch_related("income_declarations")
        .order_by("-completed_at", "-pk")
    )


def family_of(person: Person, on: date) -> list[tuple[str, str]]:
    """Return (uid, name) of who shares a household with `person` that day, herself left out."""
    households = Membership.objects.filter(person__in=records_of(person), valid__contains=on)
    others = Membership.objects.filter(household__in=households.values("household"), valid__contains=on)
    people = Person.objects.filter(memberships__in=others).exclude(pk__in=records_of(person))
    return [
        (str(uid), name) for uid, name in people.distinct().order_by("name_key").values_list("uid", "name")
    ]


def coach_now(person: Person) -> CoachAssignment | None:
    """Return who looks after a person now."""
    return (
        CoachAssignment.objects.filter(person__in=records_of(person), until__isnull=True)
        .select_related("coach")
        .first()
    )
