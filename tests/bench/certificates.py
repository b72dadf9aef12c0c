"""Certificates: printed, signed and badged a second, beside WeasyPrint and pyHanko's own signer in one run.

CPU time of one process, so on one core; the badge is on our side only. Then a class as the clerk sees it,
from the click to the zip, and what checking costs. CERTIFICATES_PEOPLE makes the class smaller. Everything
issued is rolled back.
"""

import base64
import io
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice
from statistics import median
from typing import Any

import segno
import weasyprint
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization as form
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import keystore, signing
from certificates.badges import BadgeAddresses, BadgedCertificate, signed_document
from certificates.models import Certificate
from certificates.queries import check_file
from certificates.queries.badges import site_keys
from certificates.rendering import Sheet, render_pdf
from certificates.services import (
    init_signing,
    issue_to_class,
    make_bundle,
    order_bundle,
    order_certificates,
    print_certificates,
)
from certificates.services.previews import preview_sheet
from certificates.signatures import check_text
from certificates.signing import sign_pdf
from certificates.wording import DEFAULTS
from courses.models import Course, Enrolment, TrainingClass
from registry.models import Person, User
from registry.queries.places import version_by_code
from tests.bench.run import Figure, figure

PEOPLE = int(os.environ.get("CERTIFICATES_PEOPLE", "500"))
OURS, THEIRS, CHECKED, ASKED = 60, 6, 1000, 60
# The bars of issue 6.
TIMES_FASTER, SHARE_OF_SIZE, QUERIES = 8, 0.4, 4


def measure() -> Iterator[Figure]:
    """Yield the figures; the database is left as it was."""
    with transaction.atomic():
        init_signing()
        yield from _beside_weasyprint()
        yield from _of_a_class()
        transaction.set_rollback(True)


def _beside_weasyprint() -> Iterator[Figure]:
    sheet = preview_sheet("431125", "H", "usual", DEFAULTS["H"], None)
    ours, theirs = [], []
    _ours(sheet), _badge(sheet), _theirs(sheet)  # fonts and contexts are read once
    for _round in range(3):
        ours.append(_a_second(lambda: (_ours(sheet), _badge(sheet)), OURS))
        theirs.append(_a_second(lambda: _theirs(sheet), THEIRS))
    rate, other = median(ours), median(theirs)
    yield figure("certificates_printed_signed_and_badged", rate, "1/s", against=other, n=3, size="per core")
    yield figure("certificates_by_weasyprint", other, "1/s", n=3, size="stock signer, per core")
    size, other_size = len(_ours(sheet)), len(_theirs(sheet))
    yield figure("certificate_file", size / 1024, "KB", against=other_size / 1024)


def _of_a_class() -> Iterator[Figure]:
    size = f"class of {PEOPLE}, one worker"
    clerk = User.objects.create(username="bench-clerk")
    training_class = _class()
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        run = order_certificates(training_class=training_class, kind="H", by=clerk)
        issue_to_class(run_id=run.pk)
        papers = Certificate.objects.filter(training_class=training_class).order_by("seat")
        for first in range(0, PEOPLE, 25):
            ids = list(papers.values_list("pk", flat=True)[first : first + 25])
            print_certificates(certificate_ids=ids)
    bundle = order_bundle(training_class=training_class, kind="H", form="zip", by=clerk)
    make_bundle(bundle_id=bundle.pk)
    seconds = time.perf_counter() - begun
    bundle.refresh_from_db()
    queries = [query for query in asked if "SAVEPOINT" not in query["sql"]]
    yield figure("class_click_to_zip", seconds, "s", size=size)
    yield figure("queries_a_certificate", len(queries) / PEOPLE, "queries", against=QUERIES, size=size)
    yield from _of_checking(list(papers))
    for paper in papers:
        paper.pdf.delete(save=False)
    bundle.file.delete(save=False)


def _of_checking(papers: list[Certificate]) -> Iterator[Figure]:
    files = []
    for paper in papers:
        with paper.pdf.open() as file:
            files.append(file.read())
    begun = time.process_time()
    held = [check_file(content).holds for content in islice(cycle(files), CHECKED)]
    rate = CHECKED / (time.process_time() - begun)
    assert all(held)
    yield figure("files_verified", rate, "1/s", n=CHECKED, size="signature, coverage and hash, per core")
    client = Client(HTTP_HOST="localhost")
    waits, counts = [], []
    for turn in range(ASKED):
        paper = papers[turn % len(papers)]
        address = f"/verify/{paper.number}/?k={check_text(paper.number, paper.version)}"
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address, REMOTE_ADDR=f"192.0.2.{turn % 250}")
        waits.append((time.perf_counter() - begun) * 1000)
        counts.append(len(asked))
        assert answer.status_code in {200, 301}, answer.status_code
    yield figure("verify_page_p95", sorted(waits)[int(len(waits) * 0.95)], "ms", n=ASKED)
    yield figure("verify_page_queries", max(counts), "queries", n=ASKED)


def _ours(sheet: Sheet) -> bytes:
    return sign_pdf(render_pdf(sheet))


def _badge(sheet: Sheet) -> dict[str, Any]:
    """Make the badge of the same certificate, with its proof."""
    site = settings.SITE_URL.rstrip("/")
    certificate = BadgedCertificate(sheet.number, sheet.printed, timezone.now(), place=1)
    addresses = BadgeAddresses(site, f"{site}/verify/1/", f"{site}/achievement/", f"{site}/status/0/")
    return signed_document(certificate, addresses, site_keys())


def _theirs(sheet: Sheet) -> bytes:
    """Print with WeasyPrint, sign as pyHanko's documentation shows: the key parsed, the size tried out."""
    pdf = weasyprint.HTML(string=_html(sheet)).write_pdf()
    keys = keystore.load_keys()
    der = keys.private.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=signing._plain(keys.leaf),
        signing_key=PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore.from_certs([signing._plain(each) for each in keys.chain]),
    )
    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(field_name="Certificate", md_algorithm="sha256"),
        signer=signer,
    )
    return bytes(signed.getvalue())


def _html(sheet: Sheet) -> str:
    code = io.BytesIO()
    segno.make(sheet.verify_address, error="m").save(code, kind="svg", scale=3)
    picture = base64.b64encode(code.getvalue()).decode()
    printed = sheet.printed
    return f"""<style>@page {{ size: A4 landscape; margin: 20mm }} body {{ font-family: "Noto Serif CJK SC" }}
        h1 {{ font-size: 44pt; text-align: center }}</style><h1>结业证书</h1><p>{sheet.number}</p>
        <h2>{printed["name"]}</h2><p>《{printed["course_name"]}》{printed["hours"]} 学时</p>
        <p>{printed["body"]} {printed["issued_on"]}</p><img src="data:image/svg+xml;base64,{picture}">"""


def _a_second(work: Callable[[], Any], times: int) -> float:
    begun = time.process_time()
    for _time in range(times):
        work()
    return times / (time.process_time() - begun)


def _class() -> TrainingClass:
    county = version_by_code(settings.HOME_COUNTY)
    course = Course.objects.create(code="BENCH-C", name="农产品包装", name_en="Packaging", hours=Decimal(24))
    now = timezone.now()
    training_class = TrainingClass.objects.create(
        course=course,
        county=county.region,
        county_code=county.code,
        year=2001,
        number=9001,
        kind="taught",
        state="closed",
        starts_on=date(2001, 3, 1),
        ends_on=date(2001, 3, 9),
        closed_at=now,
        imported_at=now,
    )
    names = [f"学员{number:04d}" for number in range(PEOPLE)]
    people = Person.objects.bulk_create(Person(name=name, name_key=name, sex="F") for name in names)
    Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            training_class=training_class,
            enrolled_at=now - timedelta(days=9),
            completed_at=now,
            completed_hours=Decimal(24),
            completed_practical=Decimal(85),
        )
        for person in people
    )
    return training_class
