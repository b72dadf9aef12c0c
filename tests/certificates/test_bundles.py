"""Files made of a class's papers."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from pypdf import PdfReader

from certificates.errors import NotEligible
from certificates.models import Bundle, Certificate
from certificates.services import (
    make_bundle,
    order_bundle,
    print_certificates,
    register_of,
    sweep,
    take_out,
)
from registry.models import AuditAction, AuditEntry
from tests.certificates.test_rendering import text_of
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-04-02")


@pytest.fixture
def printed_class(signing, private_files, queued):
    """Three printed papers, and one that was revoked."""
    training_class = TrainingClassFactory(closed=True)
    places = EnrolmentFactory.create_batch(4, completed=True, training_class=training_class)
    papers = [issued(each) for each in places]
    print_certificates(certificate_ids=[paper.pk for paper in papers], now=NOW)
    Certificate.objects.filter(pk=papers[1].pk).update(state="revoked", state_reason="red_line")
    return training_class


def made(training_class, form):
    bundle = order_bundle(training_class=training_class, kind="H", form=form, by=UserFactory(), now=NOW)
    assert make_bundle(bundle_id=bundle.pk, now=NOW) is True
    bundle.refresh_from_db()
    with bundle.file.open("rb") as file:
        return bundle, file.read()


def test_zip_holds_the_valid_papers_as_they_were_issued(printed_class):
    bundle, content = made(printed_class, "zip")

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert [name[:4] for name in names] == ["0001", "0003", "0004"]
        paper = Certificate.objects.get(training_class=printed_class, seat=1)
        with paper.pdf.open() as pdf:
            assert archive.read(names[0]) == pdf.read()
    assert (bundle.state, bundle.done) == ("done", 3)


def test_sheets_are_joined_in_seat_order_without_signatures(printed_class):
    _bundle, content = made(printed_class, "sheets")

    reader = PdfReader(io.BytesIO(content))
    numbers = [page.extract_text() for page in reader.pages]
    papers = Certificate.objects.filter(training_class=printed_class, state="valid").order_by("seat")
    assert len(reader.pages) == 3
    for text, paper in zip(numbers, papers, strict=True):
        assert paper.number in text
    assert "/AcroForm" not in reader.trailer["/Root"]
    assert papers[0].printed["name"] in text_of(content).replace(" ", "")


def test_bundle_is_made_once_and_by_one_worker(printed_class):
    bundle, _content = made(printed_class, "zip")

    assert make_bundle(bundle_id=bundle.pk, now=NOW) is False
    Bundle.objects.filter(pk=bundle.pk).update(state="working", lease_until=NOW + timedelta(seconds=1))
    assert make_bundle(bundle_id=bundle.pk, now=NOW) is False
    assert make_bundle(bundle_id=bundle.pk, now=NOW + timedelta(seconds=2)) is True


def test_sweep_wakes_a_bundle_whose_worker_is_gone(printed_class, queued):
    bundle = order_bundle(training_class=printed_class, kind="H", form="zip", by=UserFactory(), now=NOW)
    queued.clear()

    assert sweep(now=NOW + timedelta(minutes=2)) == 1
    assert queued == [("certificates.make_bundle", bundle.pk)]


def test_class_without_printed_papers_gives_no_bundle():
    with pytest.raises(NotEligible):
        order_bundle(training_class=TrainingClassFactory(), kind="H", form="zip", by=UserFactory(), now=NOW)


def test_every_copy_taken_out_is_counted_and_logged(printed_class):
    bundle, _content = made(printed_class, "sheets")
    office = UserFactory()
    for _copy in range(2):
        take_out(bundle=bundle, by=office, now=NOW)

    details = AuditEntry.objects.filter(action=AuditAction.CERTIFICATES_PRINTED).values_list(
        "detail", flat=True
    )
    assert sorted(detail["copy"] for detail in details) == [1, 2]


def test_register_lists_every_version_and_its_state(printed_class):
    book = openpyxl.load_workbook(io.BytesIO(register_of(printed_class)))

    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 5
    assert [row[3] for row in rows[1:]] == [1, 2, 3, 4]
    assert rows[2][11] != rows[1][11]
    assert rows[1][0].startswith("H431125-")
