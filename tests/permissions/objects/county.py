"""A return, a settled flag, a sample to call, a view an office shares, and a token of the interface."""

from datetime import date, timedelta

from django.utils import timezone

from county.models import AuditCall, AuditSample, FlagSettlement, SavedView
from county.services import make_api_token, prepare_return
from tests.permissions.actors import COUNTY
from tests.permissions.objects.places import NOWHERE, Addresses, region_of


def make_return(world) -> None:
    world.monthly_return = prepare_return(
        county_code=COUNTY, month=date(2021, 1, 1), by=world.users["nobody"]
    )


def make_audit(world) -> None:
    """A settled flag, and a sample with one person to call."""
    user, now = world.users["nobody"], timezone.now()
    world.settlement = FlagSettlement.objects.create(
        flag="A6", key="c0", region_code=COUNTY, reason="核对过签到表", by=user, at=now
    )
    world.audit_sample = AuditSample.objects.create(
        county=region_of(COUNTY),
        county_code=COUNTY,
        training_class=world.training_class,
        seed="1",
        population=1,
        population_sha256="0" * 64,
        drawn_by=user,
        drawn_at=now,
    )
    world.audit_call = AuditCall.objects.create(
        sample=world.audit_sample,
        number=1,
        person=world.enrolment.person,
        training_class=world.training_class,
    )


def make_view(world) -> None:
    world.saved_view = SavedView.objects.create(
        owner=world.users["nobody"],
        office=region_of(COUNTY),
        name="春季",
        page=SavedView.Page.FIGURES,
        is_shared=True,
        saved_at=timezone.now(),
    )


def make_token(world) -> None:
    world.api_token, _secret = make_api_token(
        name="省平台",
        region=region_of(COUNTY),
        reads=["counts"],
        last_day=timezone.localdate() + timedelta(days=30),
        by=world.users["nobody"],
    )


def addresses(world) -> Addresses:
    return {
        "place": ({"code": f"{COUNTY}100"}, {"code": "999999"}),
        "monthly_return": ({"code": COUNTY, "month": "2021-01"}, {"code": "999999", "month": "2021-01"}),
        "counted_person": ({"uid": world.enrolment.person.uid}, {"uid": NOWHERE}),
        "saved_view": ({"uid": world.saved_view.uid}, {"uid": NOWHERE}),
        "flag_settlement": ({"uid": world.settlement.uid}, {"uid": NOWHERE}),
        "audit_sample": ({"uid": world.audit_sample.uid}, {"uid": NOWHERE}),
        "api_token": ({"uid": world.api_token.uid}, {"uid": NOWHERE}),
        "audit_call": ({"uid": world.audit_call.uid}, {"uid": NOWHERE}),
    }
