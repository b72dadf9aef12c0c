"""What belongs into the ledger of a class (一期一档), part by part; a part says itself what it lacks.

Names of parts and files are Chinese whatever the page's language: the papers are. Nothing of it says who is
poor, and of an ID number it holds the last four, as the sign-in sheet does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Sum
from django.db.models.fields.files import FieldFile
from django.utils import timezone, translation

from certificates.models import Certificate
from county.ledger_workbooks import Cell, table
from courses.hours import hours_of_minutes
from courses.models import (
    Attendance,
    ClassPaper,
    Enrolment,
    Outcome,
    PracticalMark,
    Sitting,
    TrainingClass,
    Visit,
)
from courses.queries.sittings import presence_at, roster_of, timetable_of
from registry.models import AuditEntry

PHOTOS_A_SITTING = 2
Content = bytes | FieldFile
Kind = ClassPaper.Kind


@dataclass(frozen=True)
class LedgerFile:
    """One file of the archive: its name inside it, and either bytes or a kept file."""

    name: str
    content: Content


@dataclass(frozen=True)
class LedgerPart:
    """One line of the index: number and name as the office expects, its files, and what is missing."""

    number: int
    title: str
    files: list[LedgerFile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The name of its folder in the archive."""
        return f"{self.number:02d}-{self.title}"


def ledger_parts(training_class: TrainingClass) -> Iterator[LedgerPart]:
    """Yield the parts of the ledger in the office's order, each read when it is its turn."""
    with translation.override("zh-hans"):
        for number, (title, part) in enumerate(PARTS, start=1):
            files, missing = part(training_class)
            yield LedgerPart(number, title, files, missing)


Found = tuple[list[LedgerFile], list[str]]


def _plan(training_class: TrainingClass) -> Found:
    facts: list[list[Cell]] = [
        ["班次", training_class.label],
        ["课程", training_class.course.name],
        ["起止日期", f"{training_class.starts_on} 至 {training_class.ends_on}"],
        ["计划学时", float(training_class.plan_hours)],
        ["计划人数", training_class.capacity or "—"],
        ["地点", training_class.venue or "—"],
        ["主讲教师", training_class.lead_teacher or "—"],
        ["承训机构", str(training_class.training_body or "—")],
        ["经费来源", training_class.budget_line or "—"],
        ["批复文号", training_class.approval_number or "—"],
    ]
    files = [LedgerFile("培训计划.xlsx", table("培训计划", ["项目", "内容"], facts))]
    if training_class.approval_scan:
        files.append(LedgerFile("批复扫描件.pdf", training_class.approval_scan))
    return files, [] if training_class.approval_scan else ["批复扫描件"]


def _timetable(training_class: TrainingClass) -> Found:
    rows: list[list[Cell]] = [
        [
            sitting.number,
            f"{timezone.localtime(sitting.starts_at):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(sitting.ends_at):%H:%M}",
            sitting.planned_minutes,
            sitting.topic,
            "、".join(f"{site.name}（{site.tutor_label or '—'}）" for site in sitting.sites.all()),
            str(sitting.get_state_display()),
        ]
        for sitting in timetable_of(training_class)
    ]
    headings = ["课次", "开始", "结束", "分钟", "内容", "地点（辅导教师）", "状态"]
    return [LedgerFile("课程表.xlsx", table("课程表", headings, rows))], [] if rows else ["没有课次"]


def _roster(training_class: TrainingClass) -> Found:
    rows: list[list[Cell]] = [
        [
            place.seat or number,
            place.person.name,
            str(place.person.get_sex_display() if place.person.sex else "—"),
            place.village_version.name if place.village_version else "待归属",
            place.person.id_number[-4:]
            if place.person.id_number_sealed
            else place.person.temporary_number or "—",
            str(place.get_category_display()),
            f"{timezone.localtime(place.enrolled_at):%Y-%m-%d}",
        ]
        for number, place in enumerate(roster_of(training_class), start=1)
    ]
    headings = ["序号", "姓名", "性别", "村", "证件后四位", "类别", "报名日期"]
    return [LedgerFile("学员名册.xlsx", table("学员名册", headings, rows))], [] if rows else ["没有学员"]


def _sign_in(training_class: TrainingClass) -> Found:
    files, missing = [], []
    rows: list[list[Cell]] = []
    for sitting in _held(training_class):
        for site in sitting.sites.all():
            label = f"第{sitting.number}课次-{sitting.on_date}-{_safe(site.name)}"
            if site.sheet:
                files.append(LedgerFile(f"{label}.{_suffix(site.sheet)}", site.sheet))
            elif sitting.kind != Sitting.Kind.LIVE:
                missing.append(f"签到表 {label}")
        for row in presence_at(sitting):
            said = "、".join(row.evidence) or "—"
            rows.append([sitting.number, row.enrolment.seat or 0, row.name, row.minutes, said])
    summary = table("签到汇总", ["课次", "序号", "姓名", "分钟", "签到方式"], rows)
    return [LedgerFile("签到汇总.xlsx", summary), *files], missing


def _photos(training_class: TrainingClass) -> Found:
    files, missing = [], []
    for sitting in _held(training_class):
        photos = list(sitting.photos.all())
        for number, photo in enumerate(photos, start=1):
            taken = f"{timezone.localtime(photo.taken_at):%H%M}" if photo.taken_at else "无时间"
            name = f"第{sitting.number}课次-{sitting.on_date}-{photo.get_view_display()}-{taken}-{number}.jpg"
            files.append(LedgerFile(name, photo.file))
        if len(photos) < PHOTOS_A_SITTING and sitting.kind != Sitting.Kind.LIVE:
            missing.append(
                f"照片 第{sitting.number}课次 {sitting.on_date}（{len(photos)}/{PHOTOS_A_SITTING}）"
            )
    return files, missing


def _marks(training_class: TrainingClass) -> Found:
    rows: list[list[Cell]] = []
    for place in roster_of(training_class).annotate(minutes=Sum("attendances__minutes")):
        mark = PracticalMark.objects.filter(enrolment=place).first()
        rows.append(
            [
                place.seat or 0,
                place.person.name,
                str(hours_of_minutes(place.minutes or 0)),
                str(
                    place.completed_practical
                    if place.completed_practical is not None
                    else mark.mark
                    if mark
                    else "—"
                ),
                "是" if mark and mark.has_red_line else "否",
                "结业" if place.completed_at else "未结业",
            ]
        )
    headings = ["序号", "姓名", "学时", "实操成绩", "红线", "结果"]
    files, missing = _papers(Kind.TEST)(training_class)
    return [LedgerFile("成绩表.xlsx", table("成绩表", headings, rows)), *files], missing


def _certificates(training_class: TrainingClass) -> Found:
    papers = Certificate.objects.filter(training_class=training_class).order_by("kind", "seat", "version")
    rows: list[list[Cell]] = [
        [
            paper.number,
            paper.version,
            paper.printed["name"],
            f"{timezone.localtime(paper.issued_at):%Y-%m-%d}",
            str(paper.get_state_display()),
            str(paper.get_state_reason_display()) if paper.state_reason else "",
        ]
        for paper in papers
    ]
    headings = ["证书编号", "版次", "姓名", "发证日期", "状态", "原因"]
    return [LedgerFile("证书登记册.xlsx", table("证书登记册", headings, rows))], [] if rows else [
        "没有发证记录"
    ]


def _follow_up(training_class: TrainingClass) -> Found:
    people = Enrolment.objects.filter(training_class=training_class).values("person")
    visits = Visit.objects.filter(assignment__person__in=people, visited_on__gt=training_class.ends_on)
    outcomes = Outcome.objects.filter(person__in=people, happened_on__gt=training_class.ends_on)
    rows: list[list[Cell]] = [
        [
            each.visited_on.isoformat(),
            each.assignment.person.name,
            "走访",
            str(each.get_way_display()),
            each.found,
            str(each.assignment.coach),
        ]
        for each in visits.select_related("assignment__person", "assignment__coach")
    ]
    for each in outcomes.select_related("person", "claimed_by").prefetch_related("decisions"):
        decision = next(iter(each.decisions.all()), None)
        said = f"{decision.get_verdict_display()}：{decision.reason}" if decision else "待核实"
        kind = str(each.get_kind_display())
        rows.append(
            [each.happened_on.isoformat(), each.person.name, "成果", kind, said, str(each.claimed_by)]
        )
    headings = ["日期", "姓名", "事项", "方式或内容", "情况", "记录人"]
    register = table("跟踪服务记录", headings, sorted(rows, key=str))
    return [LedgerFile("跟踪服务记录.xlsx", register)], [] if rows else ["没有走访和成果记录"]


def _changes(training_class: TrainingClass) -> Found:
    entries = AuditEntry.objects.filter(
        region_code=training_class.county_code, detail__contains={"class": training_class.label}
    ).select_related("actor")
    rows: list[list[Cell]] = [
        [_moment(each.at), str(each.get_action_display()), str(each.actor or "系统"), _said(each.detail)]
        for each in entries.order_by("seq")
    ]
    corrections = Attendance.objects.filter(enrolment__training_class=training_class).exclude(reason="")
    rows += [
        [
            _moment(each.recorded_at),
            "更正出勤",
            str(each.recorded_by or "系统"),
            f"{each.enrolment.person.name} {each.on_date} {each.minutes:+d} 分钟：{each.reason}",
        ]
        for each in corrections.select_related("enrolment__person", "recorded_by").order_by("pk")
    ]
    headings = ["时间", "事项", "操作人", "说明"]
    return [LedgerFile("变更记录.xlsx", table("变更记录", headings, rows))], []


def _papers(*kinds: Kind) -> Callable[[TrainingClass], Found]:
    """Return a reader of the papers that were put into the ledger, of each kind at least one."""

    def found(training_class: TrainingClass) -> Found:
        files, missing = [], []
        for kind in kinds:
            papers = training_class.ledger_papers.filter(kind=kind, taken_out_at__isnull=True)
            for number, paper in enumerate(papers, start=1):
                name = f"{kind.label}-{number:02d}-{_safe(paper.title)}{paper.suffix}"
                files.append(LedgerFile(name, paper.file))
            if not papers:
                missing.append(str(kind.label))
        return files, missing

    return found


PARTS: list[tuple[str, Callable[[TrainingClass], Found]]] = [
    ("计划和批复", _plan),
    ("开班通知", _papers(Kind.NOTICE)),
    ("课程表", _timetable),
    ("教师合同和简历", _papers(Kind.CONTRACT, Kind.CV)),
    ("学员名册", _roster),
    ("签到表", _sign_in),
    ("培训照片", _photos),
    ("课件和资料", _papers(Kind.SLIDES)),
    ("试卷和成绩", _marks),
    ("满意度调查", _papers(Kind.SATISFACTION)),
    ("证书登记", _certificates),
    ("跟踪服务", _follow_up),
    ("费用凭证", _papers(Kind.VOUCHER)),
    ("培训总结", _papers(Kind.SUMMARY)),
    ("变更记录", _changes),
]


def _held(training_class: TrainingClass) -> list[Sitting]:
    return [each for each in timetable_of(training_class).prefetch_related("photos") if each.takes_place]


def _suffix(kept: FieldFile) -> str:
    return "pdf" if str(kept).endswith(".pdf") else "jpg"


def _safe(title: str) -> str:
    """Return a title without what a file name may not hold."""
    return "".join(c if c.isalnum() or c in "-_·（）" else "_" for c in title)[:60]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _said(detail: dict[str, object]) -> str:
    return "；".join(f"{key}: {value}" for key, value in detail.items() if key != "class")
