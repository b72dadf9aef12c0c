"""What our requests need differently from the libraries' middleware."""

from collections.abc import Awaitable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware


class QuietRequestMiddleware(RequestMiddleware):
    """Logs method and path of a request; a query string may hold what somebody typed."""

    PROBES: ClassVar[frozenset[str]] = frozenset({"/healthz", "/readyz"})

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Log the request and its answer, unless it is one of the probes that come every few seconds."""
        if request.path in self.PROBES:
            return self.get_response(request)
        return super().__call__(request)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the request as the log shows it."""
        return f"{request.method} {request.path}"
