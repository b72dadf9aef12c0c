"""Two counties, everybody who could knock, and one object of each kind in the first county."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page

from certificates.badge_keys import make_badge_keys
from certificates.badges import LIST_LENGTH
from certificates.models import Bundle, Certificate, IssueRun, PublishedKey
from certificates.services import (
    design_in_force,
    issue_certificate,
    propose_revocation,
    save_template,
    share_certificate,
)
from certificates.signatures import check_text
from certificates.wording import DEFAULTS
from county.models import AuditCall, AuditSample, FlagSettlement
from county.services import prepare_return
from courses.models import Enrolment, LessonPage, TrainingClass
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
from courses.services.follow_up import Claim, claim_outcome, link_shop
from courses.services.ledger_uploads import rehearse_upload
from courses.services.papers import add_paper
from courses.uploads import check_file
from livestream import raw
from livestream.blueprints import BLUEPRINTS
from livestream.queries import run_sheet
from livestream.services import save_product, start_rehearsal, start_run
from livestream.services.live_class import Plan, schedule_class
from livestream.services.reviews import show_remarks
from livestream.signing import media_token
from livestream.voice_notes import check_voice
from registry.models import Appointment, Organisation, RetentionRule, RosterImport, User, VillageProposal
from registry.private_files import private_storage
from registry.queries.places import version_by_code
from registry.scans import check_scan
from registry.services import Post, appoint, import_regions
from tests.courses.old_ledger_files import ledger, write_ledger
from tests.factories import courses as make
from tests.factories.papers import paper
from tests.factories.registry import PersonFactory, UserFactory
from tests.factories.reviews import ask, make_rehearsal, remark, voice_note
from tests.permissions.matrix import ROLES

HERE, THERE = "here", "there"
SINCE = date(2020, 1, 1)
COUNTY, OTHER_COUNTY = "431125", "431129"
# Where the officials of the levels that have no county's reach sit.
SEATS = {
    ("town", HERE): f"{COUNTY}100",
    ("town", THERE): f"{OTHER_COUNTY}100",
    ("station_keeper", HERE): f"{COUNTY}100",
    ("station_keeper", THERE): f"{OTHER_COUNTY}100",
    ("province_reader", HERE): "43",
    ("province_reader", THERE): "61",
}


@dataclass(frozen=True)
class Actor:
    """Somebody who knocks: a role with its region, a trainee, a visitor or an administrator."""

    name: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.name}-{self.where}" if self.where else self.name


ACTORS = [
    Actor("visitor"),
    Actor("superuser"),
    Actor("nobody"),  # signed in, without an appointment or a person
    Actor("ended"),  # an office's account whose appointment is over
    *(Actor("trainee", where) for where in (HERE, THERE)),
    *(Actor(role, where) for role in ROLES for where in (HERE, THERE)),
]


class World:
    """Makes everything once; `kwargs` fills an address, with an object that is there or one that is not."""

    def __init__(self) -> None:
        for code in (COUNTY, OTHER_COUNTY):
            import_regions(county=code)
        make.make_region("61", "外省", 1)
        town = make.make_region(f"{OTHER_COUNTY}100", "外县镇", 4, self._region(OTHER_COUNTY))
        make.make_region(f"{OTHER_COUNTY}100200", "外县村", 5, town.region)
        self.village = version_by_code(COUNTY).region
        self._make_course()
        self._make_accounts()
        self._make_learning()
        self._make_taught_class()
        self._make_papers()
        self._make_follow_up()
        self._make_rehearsing()
        self._make_live_class()
        self._make_office_work()
        self._fill_addresses()

    def user(self, actor: Actor) -> User | None:
        """Return the account of an actor; None for a visitor."""
        return self.users.get(str(actor))

    def kwargs(self, of: str, *, exists: bool = True) -> dict[str, object]:
        """Return what an address of that kind of object is filled with."""
        return dict((self.there_is if exists else self.there_is_not)[of])

    def _make_course(self) -> None:
        self.course_page = make.make_course_page(make.make_course())
        self.lesson: LessonPage = make.make_lesson(
            self.course_page, make.quiz_block(), make.task_block("final", is_graded=True), slug="one"
        )
        open_catalog(Page.objects.get(pk=self.course_page.get_parent().pk).specific)

    def _make_accounts(self) -> None:
        self.body = Organisation.objects.create(name="示例职业中专", region=self._region(OTHER_COUNTY))
        other_body = Organisation.objects.create(name="示例驾校", region=self._region(COUNTY))
        self.users = {
            "superuser": UserFactory(is_superuser=True),
            "nobody": UserFactory(),
            "ended": UserFactory(),
        }
        appoint(
            user=self.users["ended"],
            role="office",
            region=self._region(COUNTY),
            since=SINCE,
            until=date(2021, 1, 1),
        )
        for role in ROLES:
            for where, county in ((HERE, COUNTY), (THERE, OTHER_COUNTY)):
                user = UserFactory(display_name=f"{role}-{where}")
                organisation = self.body if where == HERE else other_body
                seat = SEATS.get((role, where), county)
                post = Post(organisation=organisation if role == "training_body" else None)
                appoint(user=user, role=role, region=self._region(seat), since=SINCE, post=post)
                self.users[f"{role}-{where}"] = user
        for where, county in ((HERE, COUNTY), (THERE, OTHER_COUNTY)):
            user = UserFactory(trainee=True)
            PersonFactory(name=f"学员{where}", user=user, village=self._village(county))
            self.users[f"trainee-{where}"] = user

    def _make_learning(self) -> None:
        here = self.users[f"trainee-{HERE}"].person
        self.enrolment: Enrolment = enrol_person(person=here, course=self.course_page.course)
        self.training_class: TrainingClass = self.enrolment.training_class
        TrainingClass.objects.filter(pk=self.training_class.pk).update(training_body=self.body)
        now = timezone.now()
        self.submission = hand_in(
            enrolment=self.enrolment,
            lesson=self.lesson,
            task_key="final",
            files=[make.photo()],
            client_token=uuid4(),
        )
        self.work_file = self.submission.files.get()
        Enrolment.objects.filter(pk=self.enrolment.pk).update(
            completed_at=now, completed_hours="4", completed_practical="80"
        )
        self.certificate: Certificate = issue_certificate(enrolment=self.enrolment)
        self.certificate.pdf.save("certificate.pdf", ContentFile(b"%PDF-1.7"), save=False)
        self.certificate.pdf_sha256, self.certificate.rendering = "0" * 64, "done"
        self.certificate.save()
        make_badge_keys(settings.SIGNING_DIR, bits=2048)

    def _make_taught_class(self) -> None:
        """A class of the training body in the first county, open, with a sitting that is on now."""
        by = {name: UserFactory() for name in ("body", "town", "office")}
        village = self._village(COUNTY)
        now = timezone.now().replace(microsecond=0)
        day = timezone.localdate(now)
        plan = ClassPlan(day, day, Decimal(1), 1, "示例教室", training_body=self.body)
        made = plan_class(course=self.course_page.course, place=village, plan=plan, by=by["body"])
        when = SittingPlan("morning", now, now + timedelta(minutes=45), 45)
        self.sitting = add_sitting(training_class=made, plan=when, by=by["body"])
        submit_class(training_class=made, by=by["body"])
        check_class(training_class=made, by=by["town"])
        approve_class(training_class=made, approval_number="1", by=by["office"])
        made.refresh_from_db()
        self.taught_class = made
        self.seat = take_place(training_class=made, person=PersonFactory(village=village), by=by["town"])
        self.waiting = take_place(training_class=made, person=PersonFactory(village=village), by=by["town"])
        self.room = self.sitting.sites.get()
        receive_sheet(site=self.room, heads=1, scan=check_scan(make.photo().file), by=by["body"])
        self.sitting_photo = add_photo(
            sitting=self.sitting, file=make.photo().file, view="front", by=by["body"]
        )
        self.class_paper = add_paper(
            training_class=made, kind="notice", title="通知", paper=paper(), by=by["body"]
        )

    def _make_papers(self) -> None:
        now = timezone.now()
        clerk = self.users[f"certificate_clerk-{HERE}"]
        self.closed_class = TrainingClass.objects.create(
            course=self.course_page.course,
            county=self._region(COUNTY),
            county_code=COUNTY,
            year=2025,
            number=7,
            kind="taught",
            state="closed",
            starts_on=date(2025, 3, 1),
            ends_on=date(2025, 3, 9),
            closed_at=now,
            imported_at=now,
        )
        order = {"training_class": self.closed_class, "kind": "H", "asked_by": clerk, "asked_at": now}
        self.issue_run = IssueRun.objects.create(design=design_in_force(COUNTY, "H", now=now), **order)
        self.bundle = Bundle.objects.create(form="zip", state="done", **order)
        self.bundle.file.save("all.zip", ContentFile(b"PK"))
        self.template = save_template(
            county=self._region(COUNTY),
            county_code=COUNTY,
            kind="H",
            wording=DEFAULTS["H"],
            pictures={},
            by=clerk,
        )
        self.share = share_certificate(certificate=self.certificate, by=self.users[f"trainee-{HERE}"])
        self.revocation = propose_revocation(
            certificate=self.certificate, reason="red_line", explanation="抄袭", by=clerk
        )
        PublishedKey.objects.create(use="root", key_id="0" * 64, pem="x", since=now)

    def _make_follow_up(self) -> None:
        """Her shop, and what she said she achieved, with a picture."""
        user = self.users[f"trainee-{HERE}"]
        self.shop = link_shop(
            person=user.person, channel="douyin", name="示例果园", url="https://shop.example/1", by=user
        )
        self.outcome = claim_outcome(
            person=user.person,
            claim=Claim("first_shop", timezone.localdate(), shop=self.shop),
            by=user,
            client_token=uuid4(),
            picture=check_file(make.photo().file),
        )

    def _make_rehearsing(self) -> None:
        person = self.enrolment.person
        self.run = start_run(person=person, blueprint=BLUEPRINTS["loop"], client_token=uuid4())
        card = run_sheet(self.run).products[0]
        picture = check_file(make.photo().file)
        save_product(run=self.run, key=card.key, values={"name": "柚子"}, picture=picture)
        self.sheet = run_sheet(self.run)
        self.session = start_rehearsal(person=person, run=self.run, client_token=uuid4())
        first = make_rehearsal(person, self.run)
        self.rehearsal = make_rehearsal(person, self.run, begun=first.ended_at)
        ask(self.rehearsal)
        voice = check_voice(voice_note())
        self.remark = remark(self.rehearsal, UserFactory(), voice=voice)
        show_remarks(session=self.rehearsal, author=self.remark.author, now=timezone.now())
        self.media_file = "hls/240p/live.m3u8"
        folder = f"{raw.FOLDER}/{self.session.uid}"
        private_storage().save(f"{folder}/{self.media_file}", ContentFile(b"#EXTM3U"))

    def _make_live_class(self) -> None:
        now = timezone.now()
        self.live_class = schedule_class(
            training_class=self.training_class,
            plan=Plan("在线答疑", now, 45),
            by=self.users[f"instructor-{HERE}"],
            client_token=uuid4(),
        )
        self.sent_class = schedule_class(
            training_class=self.training_class,
            plan=Plan("在线答疑二", now, 45),
            by=UserFactory(),
            client_token=uuid4(),
        )

    def _make_office_work(self) -> None:
        workbook = BytesIO()
        write_ledger(workbook, ledger())
        self.old_ledger = rehearse_upload(
            content=workbook.getvalue(),
            file_name="旧台账.xlsx",
            county=self._region(COUNTY),
            by=self.users[f"office-{HERE}"],
        )
        self.roster = RosterImport.objects.create(
            county=self._region(COUNTY),
            as_of=date(2026, 1, 1),
            file_name="名册.xlsx",
            sha256="0" * 64,
            state=RosterImport.State.APPLIED,
        )
        self.roster.error_workbook.save("errors.xlsx", ContentFile(b"PK"), save=True)
        self.proposal = VillageProposal.objects.create(
            town=self._region(f"{COUNTY}100"),
            name="桃花示例村",
            code=f"{COUNTY}100901",
            since=SINCE,
            proposed_by=self.users["nobody"],
            proposed_at=timezone.now(),
        )
        self.appointment = Appointment.objects.get(user=self.users[f"coach-{HERE}"])
        self.monthly_return = prepare_return(
            county_code=COUNTY, month=date(2021, 1, 1), by=self.users["nobody"]
        )

        self._make_audit()

    def _make_audit(self) -> None:
        """A settled flag, and a sample with one person to call."""
        user, now = self.users["nobody"], timezone.now()
        self.settlement = FlagSettlement.objects.create(
            flag="A6", key="c0", region_code=COUNTY, reason="核对过签到表", by=user, at=now
        )
        self.audit_sample = AuditSample.objects.create(
            county=self._region(COUNTY),
            county_code=COUNTY,
            training_class=self.training_class,
            seed="1",
            population=1,
            population_sha256="0" * 64,
            drawn_by=user,
            drawn_at=now,
        )
        self.audit_call = AuditCall.objects.create(
            sample=self.audit_sample,
            number=1,
            person=self.enrolment.person,
            training_class=self.training_class,
        )

    def _fill_addresses(self) -> None:
        nowhere = uuid4()
        code = check_text(self.certificate.number, self.certificate.version)
        slugs = {"course_slug": self.course_page.slug, "slug": self.lesson.slug}
        no_slugs = {"course_slug": self.course_page.slug, "slug": "none"}
        self.there_is: dict[str, dict[str, object]] = {
            "course": {"slug": self.course_page.slug},
            "lesson": slugs,
            "task": slugs | {"task_key": "final"},
            "person": {"uid": self.enrolment.person.uid},
            "two_people": {"first": self.enrolment.person.uid, "second": nowhere},
            "submission": {"uid": self.submission.uid},
            "work_file": {"uid": self.submission.uid, "pk": self.work_file.pk},
            "certificate": {"uid": self.certificate.uid},
            "certificate_number": {"number": self.certificate.number, "k": code},
            "achievement": {"code": self.certificate.printed["course_code"]},
            "status_list": {"number": self.certificate.pk // LIST_LENGTH},
            "share": {"token": self.share.token},
            "closed_class": {"uid": self.closed_class.uid},
            "issue_run": {"uid": self.issue_run.uid},
            "bundle": {"uid": self.bundle.uid},
            "template": {"code": COUNTY, "kind": "H"},
            "revocation": {"uid": self.revocation.uid},
            "place": {"code": f"{COUNTY}100"},
            "training_class": {"uid": self.training_class.uid},
            "taught_class": {"uid": self.taught_class.uid},
            "class_step": {"uid": self.taught_class.uid, "name": "cancel"},
            "seat": {"uid": self.taught_class.uid, "place": self.seat.uid},
            "waiting": {"uid": self.taught_class.uid, "pk": self.waiting.pk},
            "sitting": {"uid": self.sitting.uid},
            "sitting_photo": {"uid": self.sitting.uid, "pk": self.sitting_photo.pk},
            "sitting_place": {"uid": self.sitting.uid, "place": self.seat.uid},
            "room": {"uid": self.room.uid},
            "roster": {"uid": self.roster.uid},
            "old_ledger": {"uid": self.old_ledger.uid},
            "village": {"pk": self.proposal.pk},
            "appointment": {"pk": self.appointment.pk},
            "class_paper": {"uid": self.taught_class.uid, "paper": self.class_paper.uid},
            "shop": {"uid": self.shop.uid},
            "outcome": {"uid": self.outcome.uid},
            "run": {"uid": self.run.uid},
            "segment": {"uid": self.run.uid, "key": self.sheet.lines[0].segment.key},
            "product": {"uid": self.run.uid, "key": self.sheet.products[0].key},
            "live_class": {"uid": self.live_class.uid},
            "sent_class": {"uid": self.sent_class.uid},
            "session": {"uid": self.session.uid},
            "rehearsal": {"uid": self.rehearsal.uid},
            "remark": {"uid": self.remark.uid},
            "chunk": {"uid": self.session.uid, "part": 0, "seq": 0},
            "media": {
                "token": media_token(self.session.uid, timezone.now()),
                "uid": self.session.uid,
                "file": self.media_file,
            },
            "site": {},  # what holds for the whole site, which the home county's office runs
            "monthly_return": {"code": COUNTY, "month": "2021-01"},
            "flag_settlement": {"uid": self.settlement.uid},
            "audit_sample": {"uid": self.audit_sample.uid},
            "audit_call": {"uid": self.audit_call.uid},
            "retention_rule": {"subject": RetentionRule.objects.earliest("pk").subject},
        }
        self.there_is_not: dict[str, dict[str, object]] = {
            "course": {"slug": "none"},
            "lesson": no_slugs,
            "task": no_slugs | {"task_key": "final"},
            "person": {"uid": nowhere},
            "two_people": {"first": nowhere, "second": nowhere},
            "submission": {"uid": nowhere},
            "work_file": {"uid": nowhere, "pk": 987654},
            "certificate": {"uid": nowhere},
            "certificate_number": {"number": "H431125-2026-0001-0999-X", "k": code},
            "achievement": {"code": "none"},
            "status_list": {"number": 987654},
            "share": {"token": "none"},
            "closed_class": {"uid": nowhere},
            "issue_run": {"uid": nowhere},
            "bundle": {"uid": nowhere},
            "template": {"code": "999999", "kind": "H"},
            "revocation": {"uid": nowhere},
            "place": {"code": "999999"},
            "training_class": {"uid": nowhere},
            "taught_class": {"uid": nowhere},
            "class_step": {"uid": nowhere, "name": "cancel"},
            "seat": {"uid": nowhere, "place": nowhere},
            "waiting": {"uid": nowhere, "pk": 987654},
            "sitting": {"uid": nowhere},
            "sitting_photo": {"uid": nowhere, "pk": 987654},
            "sitting_place": {"uid": nowhere, "place": nowhere},
            "room": {"uid": nowhere},
            "roster": {"uid": nowhere},
            "old_ledger": {"uid": nowhere},
            "village": {"pk": 987654},
            "appointment": {"pk": 987654},
            "class_paper": {"uid": nowhere, "paper": nowhere},
            "shop": {"uid": nowhere},
            "outcome": {"uid": nowhere},
            "flag_settlement": {"uid": nowhere},
            "audit_sample": {"uid": nowhere},
            "audit_call": {"uid": nowhere},
            "run": {"uid": nowhere},
            "segment": {"uid": nowhere, "key": nowhere},
            "product": {"uid": nowhere, "key": nowhere},
            "live_class": {"uid": nowhere},
            "sent_class": {"uid": nowhere},
            "session": {"uid": nowhere},
            "rehearsal": {"uid": nowhere},
            "remark": {"uid": nowhere},
            "chunk": {"uid": nowhere, "part": 0, "seq": 0},
            "media": {"token": "none", "uid": nowhere, "file": self.media_file},
            "site": {},
            "monthly_return": {"code": "999999", "month": "2021-01"},
            "retention_rule": {"subject": "nothing"},
        }

    @staticmethod
    def _region(code: str):
        return version_by_code(code).region

    @staticmethod
    def _village(county: str):
        versions = type(version_by_code(county)).objects
        return versions.filter(code__startswith=f"{county}100", level=5).first().region
