"""Files made of a class's papers: the sheets to print in seat order, all PDFs packed, the register."""

import io
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

import pikepdf
import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.errors import NotEligible
from certificates.models import Bundle, Certificate
from certificates.models.runs import Run
from certificates.queries.certificates import printed_in
from certificates.tasks import make_bundle_task
from courses.models import TrainingClass
from registry.models import AuditAction, User
from registry.services import record

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
State = Run.State


@transaction.atomic
def order_bundle(
    *, training_class: TrainingClass, kind: str, form: str, by: User, now: datetime | None = None
) -> Bundle:
    """Have the printed papers of a class put together. Raises `NotEligible` when there is none yet."""
    now = now or timezone.now()
    count = printed_in(training_class, kind).count()
    if not count:
        raise NotEligible(_("No certificate of this class is printed yet."))
    bundle = Bundle.objects.create(
        training_class=training_class, kind=kind, form=form, total=count, asked_by=by, asked_at=now
    )
    transaction.on_commit(lambda: make_bundle_task.delay(bundle.pk), robust=True)
    return bundle


def make_bundle(*, bundle_id: int, now: datetime | None = None) -> bool:
    """Put a bundle's file together; False when another worker has it or it is over."""
    now = now or timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.WORKING, lease_until__lt=now)
    if not Bundle.objects.filter(free, pk=bundle_id).update(
        state=State.WORKING, lease_until=now + LEASE, attempts=F("attempts") + 1
    ):
        return False
    bundle = Bundle.objects.select_related("training_class").get(pk=bundle_id)
    papers = printed_in(bundle.training_class, bundle.kind)
    with tempfile.TemporaryFile() as file:
        make = _sheets if bundle.form == Bundle.Form.SHEETS else _zip
        bundle.done = make(papers, file)
        file.seek(0)
        suffix = "pdf" if bundle.form == Bundle.Form.SHEETS else "zip"
        bundle.file.save(f"{bundle.uid}.{suffix}", File(file), save=False)
    bundle.state, bundle.finished_at, bundle.lease_until = State.DONE, now, None
    bundle.save(update_fields=["done", "total", "file", "state", "finished_at", "lease_until"])
    return True


@transaction.atomic
def take_out(*, bundle: Bundle, by: User, now: datetime | None = None) -> Bundle:
    """Count a download and log it: the print log says who took how many papers out, which time."""
    locked = Bundle.objects.select_for_update(of=("self",)).select_related("training_class").get(pk=bundle.pk)
    locked.copies += 1
    locked.save(update_fields=["copies"])
    record(
        actor=by,
        action=AuditAction.CERTIFICATES_PRINTED,
        region_code=locked.training_class.county_code,
        detail={
            "class": locked.training_class.label,
            "paper": locked.kind,
            "form": locked.form,
            "papers": locked.done,
            "copy": locked.copies,
        },
        now=now,
    )
    return locked


def wake_bundles(now: datetime) -> int:
    """Queue bundles whose worker is gone, give up on the hopeless; return how many were queued."""
    stuck = Bundle.objects.filter(
        Q(state=State.WAITING, asked_at__lt=now - timedelta(minutes=1))
        | Q(state=State.WORKING, lease_until__lt=now)
    )
    hopeless = stuck.filter(attempts__gte=MOST_ATTEMPTS)
    hopeless.update(state=State.FAILED, failure=f"stopped after {MOST_ATTEMPTS} attempts", finished_at=now)
    waiting = list(stuck.values_list("pk", flat=True))
    for pk in waiting:
        make_bundle_task.delay(pk)
    return len(waiting)


def register_of(training_class: TrainingClass) -> bytes:
    """Return the register of everything issued in a class, every version and state, as a workbook."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(str(_("Register"))[:31])
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, _headings(), bold)
        rows = Certificate.objects.filter(training_class=training_class).order_by("kind", "seat", "version")
        for place, certificate in enumerate(rows.select_related("issued_by"), start=1):
            sheet.write_row(place, 0, _register_row(certificate))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 12, 16)
        sheet.freeze_panes(1, 0)
    return made.getvalue()


def _headings() -> list[str]:
    return [
        _("Number"),
        _("Version"),
        _("Paper"),
        _("Seat"),
        _("Name"),
        _("Course"),
        _("Class"),
        _("Class hours"),
        _("Mark"),
        _("Issued on"),
        _("Issued by"),
        _("State"),
        _("Reason"),
    ]


def _register_row(certificate: Certificate) -> list[str | int]:
    printed = certificate.printed
    return [
        certificate.number,
        certificate.version,
        certificate.get_kind_display(),
        certificate.seat,
        printed["name"],
        printed["course_name"],
        printed["class_label"],
        printed["hours"],
        printed["practical"],
        timezone.localdate(certificate.issued_at).isoformat(),
        str(certificate.issued_by or ""),
        certificate.get_state_display(),
        certificate.get_state_reason_display() if certificate.state_reason else "",
    ]


def _zip(papers: Iterable[Certificate], file: BinaryIO) -> int:
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PDFs are compressed already
        for paper in papers:
            with paper.pdf.open("rb") as pdf:
                archive.writestr(f"{paper.seat:04d}-{paper.number}.pdf", pdf.read())
            count += 1
    return count


def _sheets(papers: Iterable[Certificate], file: BinaryIO) -> int:
    """Join the pages. The copies are for paper: signatures do not survive joining, so none is kept."""
    count = 0
    with pikepdf.new() as joined:
        for paper in papers:
            with paper.pdf.open("rb") as pdf, pikepdf.open(io.BytesIO(pdf.read())) as one:
                _without_signature(one)
                joined.pages.extend(one.pages)
            count += 1
        joined.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return count


def _without_signature(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/AcroForm"]
    for page in pdf.pages:
        del page["/Annots"]
