"""Counts and counties: the same questions and the same queries as the desk."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from county.api.access import let_in, note_list, token_of
from county.api.schemas import Asking, Counted, County, month_of
from county.maps import Asked
from county.models import ApiToken
from county.permissions import token_scopes
from county.queries import answer
from county.queries.regions import counties_in
from registry.models import RegionVersion

router = Router(tags=["Counts"])


@router.get("/counts", response=Counted, summary="Count the trainees of a region and period", by_alias=True)
def counts(request: HttpRequest, asking: Query[Asking]) -> Counted:
    """Exact figures at this moment for the classes that ended in the period, small figures included.

    The token reads what its owner reads at the desk: what is published needs the suppression of small cells.
    """
    since, until = month_of(asking.since), month_of(asking.until)
    if until < since:
        raise HttpError(422, _("The last month must not lie before the first."))
    let_in(request, ApiToken.Reads.COUNTS, asking.region)
    asked = Asked(
        asking.region,
        since,
        until,
        asking.map,
        asking.view,
        asking.course,
        asking.category.value if asking.category else "",
        asking.with_cadres,
    )
    try:
        return Counted.of(answer(asked, asking.by))
    except RegionVersion.DoesNotExist:
        raise Http404 from None


@router.get("/counties", response=list[County], summary="List the counties within reach")
def counties(request: HttpRequest) -> list[RegionVersion]:
    """The counties of which the token reads anything, by code, as they are called today."""
    token = token_of(request)
    note_list(request)
    codes = {code for reads in token.reads for code in token_scopes(token, reads)}
    return list(counties_in(sorted(codes), timezone.localdate()))
