"""The interface as a whole: its title, who is let in, and its parts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from county.api import counts, returns
from county.api.access import AMinute, TokenInHeader
from county.api.problems import add_problems

ABOUT = """Exact figures of trained people: heads apart from person-times, by place, month and course.

Every request carries a token that an office made under *Interface* in its admin; it reads what its owner may
read, within the token's region. What lies outside is answered like what does not exist. Refusals are
application/problem+json (RFC 9457). 120 requests a minute and token."""


class FiguresAPI(NinjaAPI):
    """Answers that nobody on the way may keep."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        """Return the answer, marked as not to be stored."""
        response = super().create_response(request, data, **more)
        response["Cache-Control"] = "no-store"
        return response


api = FiguresAPI(
    title="Cunbo: figures of the county desk",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    auth=TokenInHeader(),
    throttle=AMinute(),
)
add_problems(api)
api.add_router("", counts.router)
api.add_router("", returns.router)
