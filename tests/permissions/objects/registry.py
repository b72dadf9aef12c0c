"""People, officials, places and rosters."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from registry.models import Appointment, RetentionRule, RosterImport, VillageProposal
from tests.permissions.actors import COUNTY, HERE, SINCE
from tests.permissions.objects.places import NO_KEY, NOWHERE, Addresses, region_of


def make_office_work(world) -> None:
    world.roster = RosterImport.objects.create(
        county=region_of(COUNTY),
        as_of=date(2026, 1, 1),
        file_name="名册.xlsx",
        sha256="0" * 64,
        state=RosterImport.State.APPLIED,
    )
    world.roster.error_workbook.save("errors.xlsx", ContentFile(b"PK"), save=True)
    world.proposal = VillageProposal.objects.create(
        town=region_of(f"{COUNTY}100"),
        name="桃花示例村",
        code=f"{COUNTY}100901",
        since=SINCE,
        proposed_by=world.users["nobody"],
        proposed_at=timezone.now(),
    )
    world.appointment = Appointment.objects.get(user=world.users[f"coach-{HERE}"])


def addresses(world) -> Addresses:
    return {
        "person": ({"uid": world.enrolment.person.uid}, {"uid": NOWHERE}),
        "two_people": (
            {"first": world.enrolment.person.uid, "second": NOWHERE},
            {"first": NOWHERE, "second": NOWHERE},
        ),
        "roster": ({"uid": world.roster.uid}, {"uid": NOWHERE}),
        "village": ({"pk": world.proposal.pk}, {"pk": NO_KEY}),
        "appointment": ({"pk": world.appointment.pk}, {"pk": NO_KEY}),
        "site": ({}, {}),  # what holds for the whole site, which the home county's office runs
        "retention_rule": ({"subject": RetentionRule.objects.earliest("pk").subject}, {"subject": "nothing"}),
    }
