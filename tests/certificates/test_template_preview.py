"""The live picture beside a template: what is typed and chosen, and nothing of it kept."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from certificates.models import CertificateTemplate
from registry.services import appoint
from tests.factories.certificates import noon, place
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = ["431125", "H"]


@pytest.fixture
def desk(client):
    """The browser of the county's certificate clerk."""
    clerk, region = UserFactory(), place("431125", "江永县").region
    appoint(user=clerk, role="certificate_clerk", region=region, since=noon("2020-01-01").date())
    client.force_login(clerk)
    return client


def drawn(desk, **values):
    return desk.post(reverse("certificate_template_preview", args=ADDRESS), values)


def seal():
    made = io.BytesIO()
    Image.new("RGBA", (60, 60), "#c8102e").save(made, "PNG")
    return SimpleUploadedFile("seal.png", made.getvalue(), "image/png")


def test_chosen_picture_is_drawn_before_it_is_saved(desk):
    without, with_seal = drawn(desk), drawn(desk, new_seal=seal())

    assert (without["Content-Type"], with_seal["Content-Type"]) == ("image/png", "image/png")
    assert with_seal.content != without.content
    assert not CertificateTemplate.objects.exists()


def test_picture_taken_away_is_not_drawn(desk):
    edit = reverse("certificate_template", args=ADDRESS)
    plain = drawn(desk).content
    texts = desk.get(edit).context["form"].initial
    desk.post(edit, {**texts, "new_seal": seal()})
    assert CertificateTemplate.objects.get().seal

    assert drawn(desk).content != plain
    assert drawn(desk, no_seal="on").content == plain


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"new_seal": SimpleUploadedFile("x.png", b"no picture", "image/png")}, "PNG"),
        ({"title": "国家职业资格证书"}, "国家"),
        ({"body": "{hourz}"}, "{hourz}"),
    ],
)
def test_what_would_be_refused_is_said_at_once(desk, values, said):
    answer = drawn(desk, **values)

    assert answer.status_code == 422
    assert said in "".join(answer.json()["problems"])


@pytest.mark.parametrize("sample", ["usual", "long", "rare", "reissued", "real", "unknown"])
def test_every_sample_is_drawn(desk, sample):
    assert drawn(desk, sample=sample)["Content-Type"] == "image/png"
