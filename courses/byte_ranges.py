"""Handing out a private file, whole or the bytes a player asks for (RFC 9110, 14 and 13.1.5). No database.

WhiteNoise does this for public files but knows no If-Range, and django-ranged-response has rested since
2017; so the headers are read by Werkzeug and the file is streamed by Django.
"""

from collections.abc import Iterator
from http import HTTPStatus

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from werkzeug.http import is_resource_modified, parse_range_header, quote_etag

CHUNK = 64 * 1024
# Keeps the middleware from compressing what is compressed: a range is of the bytes that were asked for.
_AS_IT_IS = {"Content-Encoding": "identity"}


def file_response(
    request: HttpRequest, file: File, *, content_type: str, etag: str, headers: dict[str, str]
) -> HttpResponseBase:
    """Answer with the file (200), the one range that was asked for (206), 416 when it has no such bytes, or
    304 when the browser has it. `etag` names the content; several ranges at once get the whole file.
    """
    headers = {**headers, "Accept-Ranges": "bytes", "ETag": quote_etag(etag), **_AS_IT_IS}
    if not is_resource_modified(request.META, etag=etag, ignore_if_range=True):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    asked = parse_range_header(request.META.get("HTTP_RANGE")) if request.method == "GET" else None
    is_changed = is_resource_modified(request.META, etag=etag, ignore_if_range=False)
    is_for_this = "HTTP_IF_RANGE" not in request.META or not is_changed
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not is_for_this:
        return FileResponse(file.open("rb"), content_type=content_type, headers=headers)
    return _partial(file, asked.range_for_length(file.size), content_type, headers)


def _partial(
    file: File, found: tuple[int, int] | None, content_type: str, headers: dict[str, str]
) -> HttpResponseBase:
    if found is None:
        headers["Content-Range"] = f"bytes */{file.size}"
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    first, end = found
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    headers["Content-Length"] = str(end - first)
    return StreamingHttpResponse(
        _bytes(file, first, end),
        status=HTTPStatus.PARTIAL_CONTENT,
        content_type=content_type,
        headers=headers,
    )


def _bytes(file: File, first: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as content:
        content.seek(first)
        while first < end and (chunk := content.read(min(CHUNK, end - first))):
            first += len(chunk)
            yield chunk
