"""What badges are made of: whose has one, where a verifier finds what it names, which no longer hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.utils import timezone

from certificates import addresses, keystore
from certificates.badge_keys import BadgeKeys, badge_keys
from certificates.badges import (
    LIST_LENGTH,
    LIST_REFRESH,
    BadgeAddresses,
    BadgedCertificate,
    achievement_document,
    did_document,
    list_and_index,
    signed_document,
    signed_status_list,
    signed_token,
)
from certificates.errors import NothingSigns
from certificates.models import Certificate, PaperKind
from certificates.queries.certificates import printed_facts
from certificates.rendering import plain
from courses.models import CoursePage, LessonPage
from courses.queries import lessons_of, live_course_page


@dataclass(frozen=True)
class AchievementPage:
    """What a badge stands for, to be read by people; a course may have no published page any more."""

    course_name: str
    hours: str
    body: str
    course_page: CoursePage | None
    lessons: list[LessonPage]


def site_keys() -> BadgeKeys:
    """Return the keys that sign badges. Raises `NothingSigns`."""
    keys = badge_keys(keystore.folder())
    if not keys.are_complete:
        raise NothingSigns("badge-*.pem")
    return keys


def has_badge(certificate: Certificate) -> bool:
    """Whether a certificate has a badge: one of completion has, as its criteria are those of R4."""
    is_completion = certificate.kind == PaperKind.COMPLETION
    return is_completion and certificate.is_printed and badge_keys(keystore.folder()).are_complete


def badge_document(certificate: Certificate) -> dict[str, Any]:
    """Return the badge with the proof in it. Raises `NothingSigns`."""
    return signed_document(_badged(certificate), _addresses(certificate), site_keys())


def badge_token(certificate: Certificate) -> str:
    """Return the badge as a JWT. Raises `NothingSigns`."""
    return signed_token(_badged(certificate), _addresses(certificate), site_keys())


def issuer_document() -> dict[str, Any]:
    """Return who we are and every key that ever signed badges. Raises `NothingSigns`."""
    return did_document(settings.SITE_URL, site_keys())


def achievement(course_code: str) -> dict[str, Any] | None:
    """Return what a course's badges say was achieved, as its newest certificate prints it."""
    newest = _newest_of(course_code)
    if newest is None:
        return None
    return achievement_document(newest.printed, addresses.achievement_address(course_code))


def achievement_page(course_code: str) -> AchievementPage | None:
    """Return the same for people, in the language in use: who certifies what, and what was learnt for it."""
    newest = _newest_of(course_code)
    if newest is None:
        return None
    facts, page = printed_facts(newest), live_course_page(newest.training_class.course)
    return AchievementPage(
        facts.course_name,
        plain(newest.printed["planned_hours"]),
        facts.body,
        page,
        list(lessons_of(page)) if page else [],
    )


def status_list(number: int, now: datetime | None = None) -> dict[str, Any] | None:
    """Return the signed list of the bits of revoked and replaced papers; None beyond the last in use.

    A certificate's place is its primary key. Signed anew when one more no longer holds, and every hour.
    Raises `NothingSigns`.
    """
    keys = site_keys()
    last = Certificate.objects.aggregate(last=Max("pk"))["last"] or 0
    if number > list_and_index(last)[0]:
        return None
    first = number * LIST_LENGTH
    ended = Certificate.objects.filter(pk__gte=first, pk__lt=first + LIST_LENGTH)
    ended = ended.exclude(state=Certificate.State.VALID)
    known = ended.aggregate(count=Count("pk"), since=Max("state_since"))
    since = known["since"].timestamp() if known["since"] else 0
    name = f"certificates:status:{number}:{known['count']}:{since}:{keys.ed25519[-1].number}"
    signed: dict[str, Any] | None = cache.get(name)
    if signed is None:
        bits = [pk - first for pk in ended.values_list("pk", flat=True)]
        address, at = addresses.status_address(number), now or timezone.now()
        signed = signed_status_list(address, bits, site=settings.SITE_URL, keys=keys, now=at)
        cache.set(name, signed, timeout=int(LIST_REFRESH.total_seconds()))
    return signed


def _newest_of(course_code: str) -> Certificate | None:
    papers = Certificate.objects.filter(kind=PaperKind.COMPLETION, training_class__course__code=course_code)
    return papers.select_related("training_class__course", "design").order_by("-issued_at", "-pk").first()


def _badged(certificate: Certificate) -> BadgedCertificate:
    return BadgedCertificate(
        certificate.number, certificate.printed, certificate.issued_at, place=certificate.pk
    )


def _addresses(certificate: Certificate) -> BadgeAddresses:
    return BadgeAddresses(
        site=settings.SITE_URL.rstrip("/"),
        credential=addresses.verify_address(certificate.number, certificate.version),
        achievement=addresses.achievement_address(certificate.printed["course_code"]),
        status_list=addresses.status_address(list_and_index(certificate.pk)[0]),
    )
