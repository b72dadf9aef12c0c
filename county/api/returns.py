"""Monthly returns: which there are, one of them, its lines, and its fingerprint, which others recompute."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from county.api.access import let_in, scopes_for
from county.api.schemas import (
    AskingLines,
    AskingReturns,
    Correction,
    CountyCode,
    Fingerprint,
    Lines,
    Month,
    Return,
    ReturnHead,
    Returns,
    month_of,
)
from county.models import ApiToken, MonthlyReturn
from county.queries.returns import corrections_of, returns_in
from county.services.returns import fingerprint_of

router = Router(tags=["Monthly returns"])
Reads = ApiToken.Reads


@router.get("/returns", response=Returns, summary="List the monthly returns of the counties within reach")
def returns(request: HttpRequest, asking: Query[AskingReturns]) -> Returns:
    """The newest first. One that is not signed may still be sent back and filled in anew."""
    scopes = scopes_for(request, Reads.RETURNS)
    for code in [asking.county] if asking.county else scopes:
        let_in(request, Reads.RETURNS, code)
    found = returns_in(scopes, month_of(asking.since), month_of(asking.until))
    found = found.filter(county_code=asking.county) if asking.county else found
    found = found.filter(state=asking.state.value) if asking.state else found
    items = [ReturnHead.of(made) for made in found[asking.offset : asking.offset + asking.limit]]
    return Returns(total=found.count(), items=items)


@router.get("/returns/{code}/{month}", response=Return, summary="Read one monthly return")
def monthly_return(request: HttpRequest, code: CountyCode, month: Month) -> Return:
    """Its figures as signed, and what it states about earlier months."""
    made = _found(request, Reads.RETURNS, code, month)
    head = ReturnHead.of(made).dict()
    corrections = [
        Correction(of_month=f"{one.of_month:%Y-%m}", class_label=one.training_class.label, change=one.change)
        for one in corrections_of(made)
    ]
    return Return(
        **head,
        figures=made.figures,
        prepared_at=made.prepared_at,
        checked_at=made.checked_at,
        corrections=corrections,
    )


@router.get(
    "/returns/{code}/{month}/lines", response=Lines, summary="Read the lines of a return", by_alias=True
)
def lines(
    request: HttpRequest, code: CountyCode, month: Month, asking: Query[AskingLines]
) -> dict[str, object]:
    """Every person-time of the month, and of earlier months what turned out otherwise since."""
    found = _found(request, Reads.LINES, code, month).lines.order_by("pk")
    part = found[asking.offset : asking.offset + asking.limit]
    return {"total": found.count(), "items": [line.as_fingerprinted for line in part]}


@router.get(
    "/returns/{code}/{month}/fingerprint", response=Fingerprint, summary="Check the fingerprint of a return"
)
def fingerprint(request: HttpRequest, code: CountyCode, month: Month) -> Fingerprint:
    """SHA-256 of the UTF-8 text of `{"figures": …, "lines": […]}`: keys sorted, `", "` and `": "` between.

    Each of `lines` is a text itself, the line written the same way; these texts are sorted.
    """
    made = _found(request, Reads.RETURNS, code, month)
    computed = fingerprint_of(made)
    return Fingerprint(
        sha256=made.sha256, computed=computed, is_intact=computed == made.sha256, lines=made.lines.count()
    )


def _found(request: HttpRequest, reads: ApiToken.Reads, code: str, month: str) -> MonthlyReturn:
    let_in(request, reads, code)
    return get_object_or_404(MonthlyReturn, county_code=code, month=month_of(month))
