"""What came after the classes: visits by the coach, shops, and achievements that the office looked into."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from courses.demo.content import key_of
from courses.models import CoachAssignment, Enrolment, Outcome, OutcomeDecision, Shop, Visit
from courses.services.follow_up import (
    Claim,
    Seen,
    assign_coach,
    claim_outcome,
    decide_outcome,
    link_shop,
    record_visit,
    say_earlier_business,
)
from registry.models import Appointment, User
from registry.queries.people import root_of

LOOKED_AFTER = 6
_SHOPS = (
    (Shop.Channel.LOCAL_MALL, "示例 香柚小铺", "https://mall.example.org/shops/1001"),
    (Shop.Channel.DOUYIN, "示例 村里的香芋", "https://douyin.example.org/u/1002"),
    (Shop.Channel.WECHAT, "示例 夏橙人家", "https://weixin.example.org/shop/1003"),
)
_VISITS = (
    (
        12,
        Visit.Way.VISIT,
        Visit.Help.PACKAGING,
        "试装了三箱香柚，气柱袋会用了，箱口胶带贴得不牢。",
        "再练封箱，下次带胶带机",
    ),
    (33, Visit.Way.PHONE, Visit.Help.SHOP, "店开好了，上了两个品，主图是自己拍的。", "补上快递运费说明"),
    (54, Visit.Way.ONLINE, Visit.Help.BROADCAST, "播了四十分钟，报价清楚，看手机的时间多了些。", ""),
)


@dataclass(frozen=True)
class _Story:
    """What one of them achieved, how many days after her class, and what the office found."""

    kind: str
    days: int
    employer: str
    verdict: str
    reason: str


_STORIES = (
    _Story(
        Outcome.Kind.FIRST_SHOP,
        20,
        "",
        OutcomeDecision.Verdict.VERIFIED,
        "店铺后台登记人是本人，有两笔成交。",
    ),
    _Story(Outcome.Kind.PAID_BROADCAST, 41, "", OutcomeDecision.Verdict.VERIFIED, "看过回放和平台结算截图。"),
    _Story(
        Outcome.Kind.JOB,
        30,
        "示例县电商公共服务中心",
        OutcomeDecision.Verdict.REFUSED,
        "单位说是临时帮忙，没有用工。",
    ),
    _Story(Outcome.Kind.OWN_STALL, 25, "示例县助农馆", "", ""),
)


@transaction.atomic
def load_follow_up(*, now: datetime | None = None) -> int:
    """Let the coach look after some who completed; return how many. A repeat changes nothing.

    The four of the trial year show a conversion whose 180 days are over; those of today are still watched.
    """
    now = now or timezone.now()
    coach, office = (_somebody(role) for role in (Appointment.Role.COACH, Appointment.Role.OFFICE))
    if CoachAssignment.objects.exists() or coach is None or office is None:
        return 0
    completed = list(_completed())
    looked_after = _some_time_ago(completed, now)
    for number, enrolment in enumerate(looked_after):
        _look_after(enrolment, number, coach, office, now)
    for place, (enrolment, story) in enumerate(zip(completed, _STORIES, strict=False)):
        _achieve(enrolment, story, f"past-{place}", coach, office, now)
    return len(looked_after)


def _some_time_ago(completed: list[Enrolment], now: datetime) -> list[Enrolment]:
    """Return those who completed long enough ago to have been visited, and whose 180 days run."""
    since, until = now - timedelta(days=140), now - timedelta(days=40)
    found = [place for place in completed if place.completed_at and since <= place.completed_at <= until]
    return found[:LOOKED_AFTER]


def _completed() -> Iterator[Enrolment]:
    """Yield a completed place of each person, the earliest first."""
    seen: set[int] = set()
    found = Enrolment.objects.filter(completed_at__isnull=False, village__isnull=False)
    for enrolment in found.select_related("person__kept_as").order_by("completed_at", "pk"):
        if enrolment.person_id not in seen:
            seen.add(enrolment.person_id)
            yield enrolment


def _look_after(enrolment: Enrolment, number: int, coach: User, office: User, now: datetime) -> None:
    done: datetime = enrolment.completed_at  # type: ignore[assignment]
    person, since = root_of(enrolment.person), timezone.localdate(done) + timedelta(days=3)
    assignment = assign_coach(
        person=person, coach=coach, by=office, since=since, now=done + timedelta(days=2)
    )
    say_earlier_business(enrolment=enrolment, had_one=number == 1, by=coach, now=now)
    for place, visit in enumerate(_VISITS):
        _visit(assignment, *visit, token=_token("visit", number, place), now=now)
    if number < len(_SHOPS):
        channel, name, url = _SHOPS[number]
        link_shop(person=person, channel=channel, name=name, url=url, by=coach, opened_on=since, now=now)
    if number < len(_STORIES):
        _achieve(enrolment, _STORIES[number], f"now-{number}", coach, office, now)


def _visit(
    assignment: CoachAssignment,
    days: int,
    way: str,
    help_with: str,
    found: str,
    next_step: str,
    *,
    token: uuid.UUID,
    now: datetime,
) -> None:
    """Tell a visit some days after the coaching began, unless that day is still to come."""
    day = assignment.since + timedelta(days=days)
    if _evening(day) > now:
        return
    seen = Seen(day, way, help_with, found, next_step, day + timedelta(days=21) if next_step else None)
    record_visit(assignment=assignment, seen=seen, by=assignment.coach, client_token=token, now=_evening(day))


def _achieve(
    enrolment: Enrolment, story: _Story, name: str, coach: User, office: User, now: datetime
) -> None:
    done: datetime = enrolment.completed_at  # type: ignore[assignment]
    happened = timezone.localdate(done) + timedelta(days=story.days)
    if happened > timezone.localdate(now):
        return
    claim = Claim(story.kind, happened, employer=story.employer)
    claimed = min(now, _evening(happened + timedelta(days=2)))
    outcome = claim_outcome(
        person=enrolment.person, claim=claim, by=coach, client_token=_token("outcome", name), now=claimed
    )
    if story.verdict:
        decide_outcome(
            outcome=outcome,
            verdict=story.verdict,
            way=OutcomeDecision.Way.PHONE,
            reason=story.reason,
            by=office,
            now=min(now, claimed + timedelta(days=4)),
        )


def _token(*names: object) -> uuid.UUID:
    return key_of("follow-up", *(str(name) for name in names))


def _evening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(19, 30)))


def _somebody(role: str) -> User | None:
    held = Appointment.objects.filter(role=role, valid__contains=timezone.localdate())
    first = held.select_related("user").order_by("pk").first()
    return first.user if first else None
