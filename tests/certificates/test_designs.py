"""Templates and designs: drawn by one, approved by another, kept with the papers."""

import io

import pytest
from django.db import DatabaseError, transaction
from PIL import Image
from pypdf import PdfReader

from certificates.errors import ForbiddenClaim, SecondPersonNeeded, UnreadablePicture
from certificates.forms.designs import WordingForm
from certificates.models import CertificateDesign, PaperKind
from certificates.pictures import clean_picture
from certificates.rendering import render_pdf
from certificates.services import approve_template, design_in_force, issue_certificate, save_template
from certificates.services.previews import SAMPLES, preview_sheet
from certificates.wording import DEFAULTS
from tests.certificates.test_rendering import text_of
from tests.factories.certificates import EnrolmentFactory, noon, place
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-03-28")


@pytest.fixture
def jiangyong():
    return place("431125", "江永县").region


def saved(county, by=None, kind="H", pictures=None, **changes):
    return save_template(
        county=county,
        county_code="431125",
        kind=kind,
        wording=DEFAULTS[kind] | changes,
        pictures=pictures or {},
        by=by or UserFactory(),
        now=NOW,
    )


def approved(template, by=None):
    return approve_template(
        template=template, revision_id=template.latest_revision_id, by=by or UserFactory(), now=NOW
    )


def picture(side=900) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGBA", (side, side), (200, 0, 0, 128)).save(made, "PNG")
    made.seek(0)
    return made


def test_papers_are_printed_with_what_was_approved_last(jiangyong):
    first = approved(saved(jiangyong, signatory="主任 示例乙"))
    assert issue_certificate(enrolment=EnrolmentFactory(completed=True), now=NOW).design == first

    template = saved(jiangyong, signatory="主任 示例丙")
    assert design_in_force("431125", "H", now=NOW) == first
    second = approved(template)

    assert (second.version, second.signatory) == (2, "主任 示例丙")
    assert issue_certificate(enrolment=EnrolmentFactory(completed=True), now=NOW).design == second


def test_county_without_a_design_prints_with_ours(jiangyong):
    ours = design_in_force("431125", PaperKind.ATTENDANCE, now=NOW)

    assert (ours.county_code, ours.title) == ("", "培训证明")
    assert design_in_force("431129", PaperKind.ATTENDANCE, now=NOW) == ours


def test_whoever_drew_it_does_not_approve_it(jiangyong):
    clerk = UserFactory()

    with pytest.raises(SecondPersonNeeded):
        approved(saved(jiangyong, by=clerk), by=clerk)


def test_template_saved_again_meanwhile_is_not_approved_unseen(jiangyong):
    template = saved(jiangyong)
    seen = template.latest_revision_id
    saved(jiangyong, title="培训结业")

    with pytest.raises(SecondPersonNeeded):
        approve_template(template=template, revision_id=seen, by=UserFactory(), now=NOW)


@pytest.mark.parametrize("field", ["title", "title_en", "body", "body_en", "signatory", "signatory_en"])
def test_forbidden_claim_is_refused_with_its_reason_in_every_text(jiangyong, field):
    with pytest.raises(ForbiddenClaim, match="国家: "):
        saved(jiangyong, **{field: "国 家级"})


def test_form_says_where_the_claim_and_the_unknown_blank_stand():
    form = WordingForm(DEFAULTS["H"] | {"title": "全国结业证书", "body": "学{天数}天", "title_en": "\ue000"})

    assert not form.is_valid()
    assert {"title", "body", "title_en"} <= set(form.errors)
    assert "全国" in form.errors["title"][0]
    assert "{天数}" in form.errors["body"][0]
    assert "U+E000" in form.errors["title_en"][0]


def test_approved_design_never_changes(jiangyong):
    design = approved(saved(jiangyong))

    for refused in (lambda: design.delete(), lambda: CertificateDesign.objects.update(title="x")):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            refused()


def test_pictures_are_drawn_anew_small_and_kept_with_the_design(jiangyong, private_files):
    design = approved(saved(jiangyong, pictures={"seal": picture()}))
    saved(jiangyong, pictures={"seal": None})

    with design.seal.open("rb") as file, Image.open(file) as seal:
        assert (seal.size, seal.format) == ((600, 600), "PNG")


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(UnreadablePicture):
        clean_picture(io.BytesIO(content), 600)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("languages", ["zh", "en", "both"])
def test_every_sample_fits_on_one_page_in_every_language(sample, languages):
    wording = DEFAULTS["H"] | {"languages": languages, "signatory": "主任 示例乙", "signatory_en": "Director"}

    pdf = render_pdf(preview_sheet("431125", "H", sample, wording, None))

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_language_of_a_paper_is_the_chosen_one():
    def said(languages):
        return text_of(
            render_pdf(preview_sheet("431125", "G", "", DEFAULTS["G"] | {"languages": languages}, None))
        )

    chinese, english = said("zh"), said("en")

    assert "培训合格证书" in chinese.replace(" ", "")
    assert "Passed" not in chinese
    assert "Certificate of a Passed Training Test" in english
    assert "培训合格证书" not in english.replace(" ", "")


def test_reissued_paper_says_so():
    assert "补" in text_of(render_pdf(preview_sheet("431125", "H", "reissued", DEFAULTS["H"], None)))


def test_seal_picture_is_printed_and_its_place_otherwise(private_files, jiangyong):
    with_seal = saved(jiangyong, pictures={"seal": picture(100), "background": picture(100)})
    sealed = render_pdf(preview_sheet("431125", "H", "", DEFAULTS["H"], with_seal))

    assert "盖章处" not in text_of(sealed)
    assert "盖章处" in text_of(render_pdf(preview_sheet("431125", "H", "", DEFAULTS["H"], None)))
