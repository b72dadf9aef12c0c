"""Pictures and films reach the phone also where no web server stands in front."""

from wsgiref.util import setup_testing_defaults

from django.conf import settings


def answer(path: str, sent: dict[str, str] | None = None, **headers: str) -> tuple[str, bytes]:
    from config.wsgi import application

    environ: dict = {"PATH_INFO": path, **headers}
    setup_testing_defaults(environ)
    status: list[str] = []

    def start(line: str, answered: list[tuple[str, str]], *_rest: object) -> None:
        status.append(line)
        (sent if sent is not None else {}).update(answered)

    parts = application(environ, start)
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


def test_drawing_opened_by_itself_runs_no_scripts():
    (settings.MEDIA_ROOT / "drawing.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
    )
    sent: dict[str, str] = {}

    answer("/media/drawing.svg", sent)

    assert sent["Content-Security-Policy"].endswith("sandbox")
    assert sent["X-Content-Type-Options"] == "nosniff"
