"""Lessons and work handed in, a taught class, its papers, and what comes after it."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

from django.utils import timezone
from wagtail.models import Page

from courses.models import Enrolment, TrainingClass
from courses.services import (
    ClassPlan,
    SittingPlan,
    add_photo,
    add_sitting,
    approve_class,
    check_class,
    enrol_person,
    hand_in,
    open_catalog,
    plan_class,
    receive_sheet,
    submit_class,
    take_place,
)
from courses.services.follow_up import Claim, claim_outcome, decide_outcome, link_shop
from courses.services.ledger_uploads import rehearse_upload
from courses.services.papers import add_paper
from courses.services.stories import publish_story
from courses.uploads import check_file
from registry.queries.consent import current_consent_text
from registry.scans import check_scan
from registry.services import give_consent
from tests.courses.old_ledger_files import ledger, write_ledger
from tests.factories import courses as make
from tests.factories.papers import paper
from tests.factories.registry import PersonFactory, UserFactory
from tests.permissions.actors import COUNTY, HERE
from tests.permissions.objects.places import NO_KEY, NOWHERE, Addresses, region_of, village_of


def make_course(world) -> None:
    world.course_page = make.make_course_page(make.make_course())
    world.lesson = make.make_lesson(
        world.course_page, make.quiz_block(), make.task_block("final", is_graded=True), slug="one"
    )
    open_catalog(Page.objects.get(pk=world.course_page.get_parent().pk).specific)


def make_learning(world) -> None:
    here = world.users[f"trainee-{HERE}"].person
    world.enrolment = enrol_person(person=here, course=world.course_page.course)
    world.training_class = world.enrolment.training_class
    TrainingClass.objects.filter(pk=world.training_class.pk).update(training_body=world.body)
    now = timezone.now()
    world.submission = hand_in(
        enrolment=world.enrolment,
        lesson=world.lesson,
        task_key="final",
        files=[make.photo()],
        client_token=uuid4(),
    )
    world.work_file = world.submission.files.get()
    Enrolment.objects.filter(pk=world.enrolment.pk).update(
        completed_at=now, completed_hours="4", completed_practical="80"
    )


def make_taught_class(world) -> None:
    """A class of the training body in the first county, open, with a sitting that is on now."""
    by = {name: UserFactory() for name in ("body", "town", "office")}
    village = village_of(COUNTY)
    now = timezone.now().replace(microsecond=0)
    day = timezone.localdate(now)
    plan = ClassPlan(day, day, Decimal(1), 1, "示例教室", training_body=world.body)
    made = plan_class(course=world.course_page.course, place=village, plan=plan, by=by["body"])
    when = SittingPlan("morning", now, now + timedelta(minutes=45), 45)
    world.sitting = add_sitting(training_class=made, plan=when, by=by["body"])
    submit_class(training_class=made, by=by["body"])
    check_class(training_class=made, by=by["town"])
    approve_class(training_class=made, approval_number="1", by=by["office"])
    made.refresh_from_db()
    world.taught_class = made
    world.seat = take_place(training_class=made, person=PersonFactory(village=village), by=by["town"])
    world.waiting = take_place(training_class=made, person=PersonFactory(village=village), by=by["town"])
    world.room = world.sitting.sites.get()
    receive_sheet(site=world.room, heads=1, scan=check_scan(make.photo().file), by=by["body"])
    world.sitting_photo = add_photo(
        sitting=world.sitting, file=make.photo().file, view="front", by=by["body"]
    )
    world.class_paper = add_paper(
        training_class=made, kind="notice", title="通知", paper=paper(), by=by["body"]
    )


def make_follow_up(world) -> None:
    """Her shop, and what she said she achieved, with a picture."""
    user = world.users[f"trainee-{HERE}"]
    world.shop = link_shop(
        person=user.person, channel="douyin", name="示例果园", url="https://shop.example/1", by=user
    )
    world.outcome = claim_outcome(
        person=user.person,
        claim=Claim("first_shop", timezone.localdate(), shop=world.shop),
        by=user,
        client_token=uuid4(),
        picture=check_file(make.photo().file),
    )


def make_story(world) -> None:
    """Somebody else's story, to which she agrees and behind which a verified shop stands."""
    office, person = world.users[f"office-{HERE}"], PersonFactory()
    give_consent(
        person=person,
        text=current_consent_text("zh-hans"),
        items=["success_story"],
        channel="paper",
        recorded_by=office,
    )
    outcome = claim_outcome(
        person=person,
        claim=Claim("first_shop", timezone.localdate()),
        by=world.users["nobody"],
        client_token=uuid4(),
    )
    decide_outcome(outcome=outcome, verdict="verified", way="visit", reason="去看过", by=office)
    world.story = publish_story(person=person, public_name="示例", title="示例", text="示例", by=office)


def make_old_ledger(world) -> None:
    workbook = BytesIO()
    write_ledger(workbook, ledger())
    world.old_ledger = rehearse_upload(
        content=workbook.getvalue(),
        file_name="旧台账.xlsx",
        county=region_of(COUNTY),
        by=world.users[f"office-{HERE}"],
    )


def addresses(world) -> Addresses:
    slugs = {"course_slug": world.course_page.slug, "slug": world.lesson.slug}
    no_slugs = {"course_slug": world.course_page.slug, "slug": "none"}
    return {
        "course": ({"slug": world.course_page.slug}, {"slug": "none"}),
        "lesson": (slugs, no_slugs),
        "task": (slugs | {"task_key": "final"}, no_slugs | {"task_key": "final"}),
        "submission": ({"uid": world.submission.uid}, {"uid": NOWHERE}),
        "work_file": (
            {"uid": world.submission.uid, "pk": world.work_file.pk},
            {"uid": NOWHERE, "pk": NO_KEY},
        ),
        "training_class": ({"uid": world.training_class.uid}, {"uid": NOWHERE}),
        "taught_class": ({"uid": world.taught_class.uid}, {"uid": NOWHERE}),
        "class_step": ({"uid": world.taught_class.uid, "name": "cancel"}, {"uid": NOWHERE, "name": "cancel"}),
        "seat": (
            {"uid": world.taught_class.uid, "place": world.seat.uid},
            {"uid": NOWHERE, "place": NOWHERE},
        ),
        "waiting": ({"uid": world.taught_class.uid, "pk": world.waiting.pk}, {"uid": NOWHERE, "pk": NO_KEY}),
        "sitting": ({"uid": world.sitting.uid}, {"uid": NOWHERE}),
        "sitting_photo": (
            {"uid": world.sitting.uid, "pk": world.sitting_photo.pk},
            {"uid": NOWHERE, "pk": NO_KEY},
        ),
        "sitting_place": (
            {"uid": world.sitting.uid, "place": world.seat.uid},
            {"uid": NOWHERE, "place": NOWHERE},
        ),
        "room": ({"uid": world.room.uid}, {"uid": NOWHERE}),
        "class_paper": (
            {"uid": world.taught_class.uid, "paper": world.class_paper.uid},
            {"uid": NOWHERE, "paper": NOWHERE},
        ),
        "old_ledger": ({"uid": world.old_ledger.uid}, {"uid": NOWHERE}),
        "shop": ({"uid": world.shop.uid}, {"uid": NOWHERE}),
        "outcome": ({"uid": world.outcome.uid}, {"uid": NOWHERE}),
        "story": ({"uid": world.story.uid}, {"uid": NOWHERE}),
    }
