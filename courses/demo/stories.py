"""One trainee of the demo tells her story: she agreed before two witnesses, and her shop was looked at."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from courses.models import Enrolment, Outcome, OutcomeDecision, Shop, Story
from courses.services.follow_up import Claim, claim_outcome, decide_outcome, link_shop
from courses.services.stories import publish_story
from registry.models import Consent, Person, User
from registry.queries.consent import current_consent_text
from registry.services import give_consent

_SPACE = uuid.UUID("6f3d5a52-07c8-4b43-9a3e-6f0a8a7f2c11")
STORY = {
    "public_name": "核桃大姐",
    "title": "三个箱子摔了七回，第四个才敢发货",
    "text": (
        "我家后山有二十来棵老核桃树，往年都等贩子上门，一斤八块，爱要不要。\n\n"
        "上课第一天老师就叫我们摔箱子：一角、三棱、六面，摔完打开数碎了几个。我头一箱碎了一半，"
        "脸都红了。后来学会了隔板和气柱，第四箱一个没碎，我才敢写上“坏果包赔”。\n\n"
        "开店那天是女儿教我拍的照，镜头擦干净，放窗边，掰开一个看仁。头一单卖到了长沙，"
        "人家还写了评语：“和照片一样”。现在一个月能发四十来箱，贩子再来，我就说：自己卖。"
    ),
}


@transaction.atomic
def load_stories(*, now: datetime | None = None) -> int:
    """Tell the demo's story if nobody's is told yet; returns how many were added."""
    now = now or timezone.now()
    found = Enrolment.objects.filter(
        completed_at__lt=now - timedelta(days=40), person__user=None, training_class__county_code="431125"
    )
    enrolment = found.select_related("person").order_by("-completed_at", "pk").first()
    if enrolment is None or Story.objects.exists():
        return 0
    office, coach = (User.objects.get(username=name) for name in ("office", "coach"))
    person = enrolment.person
    _agree(person, office, now)
    _achieve(person, enrolment, coach, office)
    publish_story(person=person, by=office, now=now, **STORY)
    return 1


def _agree(person: Person, office: User, now: datetime) -> None:
    give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=[Consent.Item.SUCCESS_STORY, Consent.Item.PHONE_FOLLOW_UP],
        channel=Consent.Channel.ORAL,
        recorded_by=office,
        witnesses=("示例 站长", "示例 镇干部"),
        now=now,
    )


def _achieve(person: Person, enrolment: Enrolment, coach: User, office: User) -> None:
    """Have her open a shop three weeks after her class, and the office look at it."""
    assert enrolment.completed_at is not None  # noqa: S101 - the query says so
    opened = enrolment.completed_at + timedelta(days=21)
    shop = link_shop(
        person=person,
        channel=Shop.Channel.LOCAL_MALL,
        name="后山老核桃",
        url="https://mall.example/laohetao",
        opened_on=timezone.localdate(opened),
        by=coach,
        now=opened,
    )
    outcome = claim_outcome(
        person=person,
        claim=Claim(Outcome.Kind.FIRST_SHOP, timezone.localdate(opened), shop=shop),
        by=coach,
        client_token=uuid.uuid5(_SPACE, "shop"),
        now=opened,
    )
    decide_outcome(
        outcome=outcome,
        verdict=OutcomeDecision.Verdict.VERIFIED,
        way=OutcomeDecision.Way.VISIT,
        reason="到她家看了店铺后台和发货单",
        by=office,
        now=opened + timedelta(days=5),
    )
