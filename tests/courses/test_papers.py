import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.errors import PaperUnreadable
from courses.models import ClassPaper
from courses.office_files import check_paper
from courses.services.papers import add_paper, take_out_paper
from registry.models import Appointment, AuditAction, AuditEntry
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.classes import make_planned
from tests.factories.papers import document, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class(county, by):
    return make_planned(by)


def added(training_class, by, kind="notice"):
    return add_paper(training_class=training_class, kind=kind, title="开班通知", paper=paper(), by=by["body"])


@pytest.mark.parametrize(
    ("main", "suffix"),
    [("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"), ("ppt/presentation.xml", ".pptx")],
)
def test_office_documents_are_told_by_their_content(main, suffix):
    assert check_paper(io.BytesIO(document(main))).suffix == suffix


def test_photo_is_written_anew():
    sent = make.photo().file
    kept = check_paper(sent)
    sent.seek(0)

    assert kept.suffix == ".jpg"
    assert kept.content.read() != sent.read()


def archive_of(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ program",
        b"PK broken",
        archive_of("a.txt"),
        archive_of("word/document.xml", "word/vbaProject.bin"),
        b"%PDF-1.7 /JavaScript",
    ],
)
def test_what_is_no_paper_is_refused(content):
    with pytest.raises(PaperUnreadable):
        check_paper(io.BytesIO(content))


def test_same_file_is_in_the_ledger_once(training_class, by):
    assert added(training_class, by) == added(training_class, by)
    assert AuditEntry.objects.filter(action=AuditAction.PAPER_ADDED).count() == 1


def test_paper_taken_out_stays_on_record_and_may_come_again(training_class, by):
    first = added(training_class, by)
    take_out_paper(paper=first, reason="传错了", by=by["body"])
    take_out_paper(paper=first, reason="again", by=by["body"])

    first.refresh_from_db()
    assert first.taken_out_reason == "传错了"
    assert added(training_class, by) != first


def test_page_takes_a_paper_in_shows_it_and_takes_it_out(client, training_class, county):
    entering = make.make_user("entering")
    appoint(
        user=entering,
        role=Appointment.Role.OPERATOR,
        region=county,
        since=training_class.starts_on.replace(year=2020),
    )
    client.force_login(entering)
    address = reverse("courses:class_papers", args=[training_class.uid])
    sent = SimpleUploadedFile("a.exe", document("word/document.xml"))

    client.post(address, {"kind": "notice", "title": "开班通知", "file": sent})
    found = ClassPaper.objects.get()
    shown = client.get(address).content.decode()
    file = client.get(reverse("courses:class_paper", args=[training_class.uid, found.uid]))
    client.post(reverse("courses:paper_out", args=[training_class.uid, found.uid]), {"reason": "传错了"})

    assert "开班通知.docx" in shown
    assert file.getvalue() == document("word/document.xml")
    assert client.get(address).content.decode().count("开班通知.docx") == 0


def test_page_says_what_a_file_must_be(client, training_class, county):
    entering = make.make_user("entering")
    appoint(
        user=entering,
        role=Appointment.Role.OPERATOR,
        region=county,
        since=training_class.starts_on.replace(year=2020),
    )
    client.force_login(entering)
    address = reverse("courses:class_papers", args=[training_class.uid])

    answer = client.post(
        address, {"kind": "notice", "title": "x", "file": SimpleUploadedFile("a.pdf", b"MZ")}
    )

    assert answer.status_code == 200
    assert not ClassPaper.objects.exists()
