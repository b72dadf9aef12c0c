"""Pictures and films reach the phone also where no web server stands in front."""

from wsgiref.util import setup_testing_defaults

from django.conf import settings


def answer(path: str, **headers: str) -> tuple[str, bytes]:
    from config.wsgi import application

    environ: dict = {"PATH_INFO": path, **headers}
    setup_testing_defaults(environ)
    status: list[str] = []
    parts = application(environ, lambda line, _headers, *_rest: status.append(line))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return status[0], body


def test_media_uploaded_later_is_served():
    (settings.MEDIA_ROOT / "later.txt").write_text("pear")

    assert answer("/media/later.txt") == ("200 OK", b"pear")


def test_media_answers_a_byte_range():
    (settings.MEDIA_ROOT / "film.mp4").write_bytes(b"0123456789")

    assert answer("/media/film.mp4", HTTP_RANGE="bytes=2-4") == ("206 Partial Content", b"234")


def test_media_does_not_lead_out_of_its_folder(db):
    status, _body = answer("/media/../private/secret.txt")

    assert not status.startswith("2")
