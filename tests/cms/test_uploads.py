"""What the admin takes in as a picture or document, by content."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_superuser=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def png(side: int = 8) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (side, side), "green").save(content, "PNG")
    return content.getvalue()


def bomb() -> bytes:
    """A picture of 400 million pixels in a few hundred bytes."""
    small = png()
    head = b"IHDR" + (20_000).to_bytes(4, "big") * 2 + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4, "big") + small[33:]


def send(admin, name: str, content: bytes, *, address: str = "wagtailimages:add"):
    file = SimpleUploadedFile(name, content)
    return admin.post(reverse(address), {"title": "图", "file": file, "collection": 1})


def test_picture_is_taken(admin):
    assert send(admin, "a.png", png()).status_code == 302
    assert get_image_model().objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("bomb.png", bomb()),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("photo.html", png()),
        ("photo.jpg", png()),
    ],
)
def test_what_is_no_picture_of_its_kind_is_refused_in_words(admin, name, content):
    response = send(admin, name, content)

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "program.exe"])
def test_document_that_a_browser_might_run_is_refused(admin, name):
    response = send(admin, name, b"<script>alert(1)</script>", address="wagtaildocs:add")

    assert response.status_code == 200
    assert not get_document_model().objects.exists()
