"""What our requests need differently from the libraries' middleware."""

from collections.abc import Awaitable
from typing import ClassVar

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
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


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere except in Wagtail's admin, which needs inline scripts and styles."""

    ADMIN_CHANGES: ClassVar[dict[str, list[str]]] = {
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
    }

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the policy for this request's address."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(reverse("wagtailadmin_home")):
            parts.replace = {**self.ADMIN_CHANGES, **(parts.replace or {})}
        return parts
