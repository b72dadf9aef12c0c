"""The ledger of a class (一期一档): every part the office expects, what is missing is listed."""

import hashlib
import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from county.models import LedgerBundle
from county.queries.ledger import PARTS, ledger_parts
from county.services import ledger_bundle
from county.services.ledger_bundle import ask_for_ledger, make_ledger, sweep_ledgers
from courses.models import Sitting
from courses.services.papers import add_paper
from tests.factories.classes import accounts, attend, make_open, make_planned, seat, send_sheets
from tests.factories.papers import paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return accounts()


@pytest.fixture
def training_class(county, by):
    """A class of one half-day with one person who signed; its sheet is there, its photos are not."""
    taught = make_open(by, days=("2026-03-02",), half_days=(("morning", "09:00"),), planned_hours=4)
    sitting = taught.sittings.get()
    attend(seat(taught, "示例·甲"), sitting, by["body"])
    send_sheets(sitting, by["body"], 1)
    add_paper(training_class=taught, kind="notice", title="开班/通知", paper=paper(), by=by["body"])
    return taught


def part(training_class, title):
    return next(each for each in ledger_parts(training_class) if each.title == title)


def packed(training_class, by):
    bundle = ask_for_ledger(training_class=training_class, by=by["office"])
    assert make_ledger(bundle_id=bundle.pk)
    bundle.refresh_from_db()
    with bundle.file.open() as file:
        content = file.read()
    return bundle, zipfile.ZipFile(io.BytesIO(content)), content


def test_parts_are_those_of_the_office_in_their_order(training_class):
    assert [each.folder for each in ledger_parts(training_class)][:4] == [
        "01-计划和批复",
        "02-开班通知",
        "03-课程表",
        "04-教师合同和简历",
    ]


def test_missing_papers_are_listed_and_not_skipped(training_class):
    assert part(training_class, "计划和批复").missing == ["批复扫描件"]
    assert part(training_class, "教师合同和简历").missing == ["与教师的合同", "教师简历"]
    assert part(training_class, "培训照片").missing == ["照片 第1课次 2026-03-02（0/2）"]
    assert part(training_class, "签到表").missing == []
    assert part(training_class, "开班通知").missing == []


def test_archive_holds_every_file_and_an_index_with_their_hashes(training_class, by):
    bundle, archive, content = packed(training_class, by)
    names = archive.namelist()
    root = f"{training_class.label}-{training_class.course.code}"

    index = openpyxl.load_workbook(io.BytesIO(archive.read(f"{root}/00-目录.xlsx"))).active
    rows = [[cell.value for cell in row] for row in index.iter_rows(min_row=3)]
    listed = {
        f"{root}/{number:02d}-{title}/{file}": digest for number, title, file, digest, _no in rows if file
    }

    assert bundle.sha256 == hashlib.sha256(content).hexdigest()
    assert listed == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in names if "00-目录" not in name
    }
    assert f"{root}/02-开班通知/开班通知-01-开班_通知.docx" in names
    assert {row[0] for row in rows} >= {1, 4, 7}
    assert any(row[4] == "教师简历" for row in rows)
    assert "教师合同和简历：教师简历" in bundle.missing


def test_roster_says_four_characters_of_the_number_and_nothing_of_poverty(training_class, by):
    person = training_class.enrolments.get().person
    person.id_number = "990000199001010025"
    person.save()

    _bundle, archive, _content = packed(training_class, by)
    roster = next(name for name in archive.namelist() if name.endswith("学员名册.xlsx"))
    cells = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(archive.read(roster))).active.iter_rows()
        for cell in row
    ]

    assert "0025" in cells
    assert "990000199001010025" not in cells
    assert not any("贫" in str(cell) for cell in cells)


def test_same_class_is_packed_once_at_a_time(training_class, by):
    first = ask_for_ledger(training_class=training_class, by=by["office"])

    assert ask_for_ledger(training_class=training_class, by=by["office"]) == first
    assert make_ledger(bundle_id=first.pk)
    assert not make_ledger(bundle_id=first.pk)
    assert ask_for_ledger(training_class=training_class, by=by["office"]) != first


def test_file_gone_from_the_disk_is_listed_as_missing(training_class, by):
    site = Sitting.objects.get(training_class=training_class).sites.get()
    site.sheet.storage.delete(site.sheet.name)

    bundle, _archive, _content = packed(training_class, by)

    assert any("文件丢失" in what for what in bundle.missing)


def test_ledger_of_a_killed_worker_is_woken_and_given_up_in_the_end(training_class, by, monkeypatch):
    woken = []
    monkeypatch.setattr(ledger_bundle.make_ledger_task, "delay", woken.append)
    bundle = ask_for_ledger(training_class=training_class, by=by["office"])
    later = timezone.now() + timedelta(hours=1)
    LedgerBundle.objects.update(lease_until=timezone.now(), attempts=1)

    assert sweep_ledgers(now=later) == 1
    LedgerBundle.objects.update(attempts=ledger_bundle.MOST_ATTEMPTS)
    assert sweep_ledgers(now=later) == 0

    bundle.refresh_from_db()
    assert bundle.state == LedgerBundle.State.FAILED


def test_office_makes_and_takes_the_ledger(client, training_class, office_user):
    client.force_login(office_user)
    address = reverse("county:ledger", args=[training_class.uid])

    before = client.get(address)
    client.post(address)
    while_made = client.get(address)
    make_ledger(bundle_id=LedgerBundle.objects.get().pk)
    after = client.get(address).content.decode()
    archive = client.get(reverse("county:ledger_archive", args=[training_class.uid]))

    assert "批复扫描件" in before.content.decode()
    assert while_made["Refresh"] == "2"
    assert LedgerBundle.objects.get().sha256 in after
    assert zipfile.ZipFile(io.BytesIO(archive.getvalue())).testzip() is None


def test_every_part_reads_a_class_without_anything(county, by):
    parts = list(ledger_parts(make_planned(by)))

    assert len(parts) == len(PARTS)
    assert next(each for each in parts if each.title == "学员名册").missing == ["没有学员"]
