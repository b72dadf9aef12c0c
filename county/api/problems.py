"""Refusals as RFC 9457 writes them: application/problem+json, about:blank with the status and a sentence."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

logger = logging.getLogger(__name__)


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """Return a problem document; `more` are members of ours."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    content |= {"detail": detail} if detail else {}
    response = JsonResponse(content | more, json_dumps_params={"ensure_ascii": False}, status=status)
    response["Content-Type"] = "application/problem+json"
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer for whatever lies below the interface and is no address of it."""
    return problem(404, _("There is nothing here, or nothing for this token."))


def reading_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer every method but GET with a problem, before anything is read of the request."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "GET":
            return view(request, *args, **named)
        response = problem(405, _("The interface only reads: ask with GET."))
        response["Allow"] = "GET"
        return response

    return answer


# How the description tells of refusals: the statuses, and what a document holds.
REFUSALS = (400, 401, 403, 404, 405, 422, 429)
DOCUMENT = {
    "title": "Problem",
    "description": "RFC 9457; `errors` only where parameters were not understood.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def describe_problems(description: dict[str, Any]) -> None:
    """Add to an OpenAPI description that every operation may refuse, and how."""
    description["components"]["schemas"]["Problem"] = DOCUMENT
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {
                str(status): {"description": HTTPStatus(status).phrase, "content": content}
                for status in REFUSALS
            }


def add_problems(api: NinjaAPI) -> None:
    """Have every refusal of the interface written as a problem."""
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(AuthenticationError, _not_signed_in)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(ValidationError, _not_understood)
    api.add_exception_handler(SuspiciousOperation, _unreadable)
    api.add_exception_handler(Exception, _broken)


def _missing(request: HttpRequest, refusal: Any) -> HttpResponse:
    return nothing_here(request)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problem(refusal.status_code, str(refusal))


def _not_signed_in(request: HttpRequest, refusal: Any) -> HttpResponse:
    response = problem(401, _("Send a valid token: Authorization: Bearer …"))
    response["WWW-Authenticate"] = 'Bearer realm="cunbo"'
    return response


def _too_often(request: HttpRequest, refusal: Any) -> HttpResponse:
    response = problem(429, _("Too many requests with this token."))
    response["Retry-After"] = str(int(refusal.wait or 60))
    return response


def _not_understood(request: HttpRequest, refusal: Any) -> HttpResponse:
    errors = [{"parameter": str(error["loc"][-1]), "detail": str(error["msg"])} for error in refusal.errors]
    return problem(422, _("Some parameters are not understood."), errors=errors)


def _unreadable(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problem(400, _("The request cannot be read."))


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("The interface failed at %s", request.path, exc_info=error)
    return problem(500)
