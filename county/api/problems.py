"""Refusals as RFC 9457 writes them: application/problem+json, about:blank with the status and a sentence."""

import logging
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
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


def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer for whatever lies below the interface and is no address of it."""
    return problem(404, _("There is nothing here, or nothing for this token."))


def add_problems(api: NinjaAPI) -> None:
    """Have every refusal of the interface written as a problem."""
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(AuthenticationError, _not_signed_in)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(ValidationError, _not_understood)
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


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("The interface failed at %s", request.path, exc_info=error)
    return problem(500)
