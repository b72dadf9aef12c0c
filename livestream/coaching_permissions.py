"""Who reviews whose rehearsals: markers of her region or her class, and fellow trainees she asked."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.models import Enrolment
from courses.permissions import Reach, can_mark
from livestream.models import LiveSession
from livestream.permissions import coaching_reach
from registry.models import Consent, User
from registry.queries.consent import people_with_consent
from registry.queries.people import is_same_person, person_of, records_of
from registry.queries.places import in_any_subtree

PEERS_WATCH = Consent.Item.PEERS_WATCH


def rehearsals_within(reach: Reach) -> QuerySet[LiveSession]:
    """Return the rehearsals of these regions, and those of people in classes of these training bodies.

    The same reach as `can_watch` asks for one session.
    """
    condition = in_any_subtree(reach.codes, "place__code")
    if reach.training_bodies:
        in_class = Enrolment.objects.filter(
            Q(person=OuterRef("person")) | Q(person__kept_as=OuterRef("person")),
            training_class__training_body__in=reach.training_bodies,
        )
        condition |= Q(Exists(in_class))
    return LiveSession.objects.filter(condition, kind=LiveSession.Kind.REHEARSAL)


def rehearsals_to_coach(user: User | AnonymousUser) -> QuerySet[LiveSession]:
    """Return the rehearsals `user` may watch and review as a coach; her own are not among them."""
    found = rehearsals_within(coaching_reach(user))
    person = person_of(user)
    if person is None:
        return found
    return found.exclude(person=person).exclude(person__kept_as=person)


def may_review(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` is a coach who may watch and review a rehearsal."""
    return rehearsals_to_coach(user).filter(pk=session.pk).exists()


def rehearsals_of_peers(user: User | AnonymousUser, on: date | None = None) -> QuerySet[LiveSession]:
    """Return what fellow trainees of a class of hers asked their peers to comment on.

    Each of them agrees to it in two ways: for this rehearsal, and by her consent, which she may take back.
    """
    person = person_of(user)
    if person is None:
        return LiveSession.objects.none()
    agreeing = people_with_consent(PEERS_WATCH, on or timezone.localdate())
    own_classes = Enrolment.objects.filter(person__in=records_of(person)).values("training_class")
    classmates = Enrolment.objects.filter(training_class__in=own_classes).values("person")
    return (
        LiveSession.objects.filter(
            Q(person__in=agreeing) | Q(person__kept_as__in=agreeing),
            person__in=classmates,
            kind=LiveSession.Kind.REHEARSAL,
            state__in=[LiveSession.State.PUBLISHED, LiveSession.State.PARTIAL],
            erased_at__isnull=True,
            review_request__is_for_peers=True,
        )
        .exclude(person=person)
        .exclude(person__kept_as=person)
    )


def can_remark_as_peer(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` is a fellow trainee whom the host lets comment."""
    return rehearsals_of_peers(user).filter(pk=session.pk).exists()


def can_coach(user: User | AnonymousUser) -> bool:
    """Tell whether `user` may review anywhere."""
    return can_mark(user)


def is_host(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether it is her own rehearsal."""
    return is_same_person(person_of(user), session.person)
