"""What anybody may read of the counts: the home county by town and year, small figures hidden."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from county.counting import share_text
from county.forms import PublicForm
from county.queries import count
from county.suppression import SMALL, PublicRow, public_rows
from registry.models import RegionVersion


@require_GET
@cache_control(public=True, max_age=3600)
def public_figures(request: HttpRequest) -> HttpResponse:
    """Show the home county's figures of a year, by town, with what could name somebody taken out (E24)."""
    form = PublicForm({"year": request.GET.get("year") or timezone.localdate().year})
    if not form.is_valid():
        raise Http404
    year = form.cleaned_data["year"]
    try:
        counted = count(settings.HOME_COUNTY, date(year, 1, 1), date(year, 12, 1), by="town")
    except RegionVersion.DoesNotExist:
        raise Http404 from None
    total, rows = public_rows(counted.total, counted.rows)
    context = {
        "form": form,
        "year": year,
        "county": counted.region_name,
        "total": _shown(total),
        "rows": [_shown(row) for row in rows],
    }
    return render(request, "county/public.html", context)


def _shown(row: PublicRow) -> tuple[str, str, str]:
    """Return the name, the heads and the share as they are printed; * is hidden for the sake of another."""
    heads = f"<{SMALL}" if row.is_small else "*" if row.heads is None else str(row.heads)
    return row.label, heads, "*" if row.is_share_hidden else share_text(row.poor_share)
