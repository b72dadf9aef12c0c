"""What several pages of the desk do with a question: read it, refuse it, count it, lead on from it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from county.counting import Count, CountRow
from county.forms import CountForm
from county.measures import BEHIND, EVERYBODY, OF_STATUS
from county.monthly_form import cells, columns, first_heading
from county.queries import answer, regions_to_read
from county.queries.regions import place_names
from county.questions import Question
from county.views.access import desk_links, reach_of
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.models import RegionVersion
from registry.region_codes import LEVELS


def asked_form(request: HttpRequest, capability: Capability = Capability.READ_FIGURES) -> CountForm:
    """Return the bound form; a region where she may not do this, or not count, is as good as unknown."""
    choices = region_choices(request, request.GET.get("region", ""), capability)
    return CountForm(request.GET.dict(), regions=choices, today=timezone.localdate())


def region_choices(
    request: HttpRequest, region: str, capability: Capability = Capability.READ_FIGURES
) -> list[tuple[str, str]]:
    """Return the regions she may ask about, with `region`; 404 where she may not or there is none."""
    reach = reach_of(request)
    if region and not all(reach.may(one, region) for one in {capability, Capability.READ_FIGURES}):
        raise Http404
    choices = regions_to_read(reach.codes(capability), region)
    if not choices or (region and region not in dict(choices)):
        raise Http404
    return choices


def ask_again(request: HttpRequest, form: CountForm) -> HttpResponse:
    """Show the question with what is wrong with it."""
    return render(request, "county/figures.html", desk_links(request) | {"form": form})


def counted_for(form: CountForm) -> Count:
    """Return the answer to a valid form."""
    question = form.question
    try:
        return answer(question.asked(), question.by)
    except RegionVersion.DoesNotExist:
        raise Http404 from None


def may_see_status(request: HttpRequest, form: CountForm) -> bool:
    """Tell whether she may read of people in the region that is asked about whether they are poor."""
    return sees_status_in(request, form.question.region)


def sees_status_in(request: HttpRequest, code: str) -> bool:
    """Tell whether she may read of single people of a region whether they are or were poor."""
    return reach_of(request).may(Capability.READ_RECORDS, code)


def chart_code() -> str:
    """Return the address of the chart library, or an empty text where `make setup` has not put it."""
    try:
        return staticfiles_storage.url("echarts/echarts.simple.min.js")
    except ValueError:
        return ""


@dataclass(frozen=True)
class FigureLinks:
    """Where a figure leads: the rows it counts, for who may read them."""

    question: Question
    may_read_people: bool
    may_see_status: bool

    def of(self, row: CountRow, **changes: str) -> dict[str, str]:
        """Return the address behind each figure of a row that is not nothing."""
        return {
            name: self.to(name, **changes)
            for name in [*BEHIND, "classes"]
            if getattr(row, _SIZE.get(name, name))
        }

    def to(self, measure: str, **changes: str) -> str:
        """Return the address of the rows behind a figure, or an empty text."""
        if measure == "classes":
            return f"{reverse('county:figures')}?{self.question.query(**changes | {'by': 'class'})}"
        if not self.may_read_people or (measure in OF_STATUS and not self.may_see_status):
            return ""
        return f"{reverse('county:people')}?{self.question.query(**changes, measure=measure)}"


# The attribute that says how many rows there are, where it is another than the figure.
_SIZE = {
    "hours_shown": "minutes",
    "conversion": "converted",
    "poor_share_person_times": "share_poor_person_times",
    "poor_share_heads": "share_poor_heads",
}


@dataclass(frozen=True)
class TableRow:
    """One line of the table: its name with what lies below it, and each figure with its rows."""

    row: CountRow
    deeper: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class FigureTable:
    """The figures in rows, sorted as asked."""

    headings: list[tuple[str, str, str]]  # the text, the address that sorts by it, the order it is in
    rows: list[TableRow]
    total: list[tuple[str, str]]
    first: tuple[str, str, str] = field(default=("", "", ""))


def figure_table(counted: Count, links: FigureLinks, *, sort: str) -> FigureTable:
    """Return the table of a count. `sort` names a column, with a minus for the largest first."""
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    rows = list(counted.rows)
    sortable = {attribute for _heading, attribute in columns()}
    if name in sortable:
        rows.sort(key=lambda row: _size(row, name), reverse=is_down)
    elif is_down:
        rows.reverse()

    def heading(text: str, attribute: str) -> tuple[str, str, str]:
        is_here = attribute == (name if name in sortable else "")
        order = ("descending" if is_down else "ascending") if is_here else ""
        # Figures are looked at from the largest, names from the first.
        down = not is_down if is_here else bool(attribute)
        query = links.question.query(sort=f"{'-' if down else ''}{attribute}")
        return text, f"?{query}", order

    def cells_of(row: CountRow, **changes: str) -> list[tuple[str, str]]:
        found = links.of(row, **changes)
        attributes = (attribute for _heading, attribute in columns())
        return list(zip(cells(row), (found.get(name, "") for name in attributes), strict=True))

    return FigureTable(
        [heading(text, attribute) for text, attribute in columns()],
        [
            TableRow(row, _deeper(links, row), cells_of(row, **links.question.narrowed(row.key)))
            for row in rows
        ],
        cells_of(counted.total),
        heading(first_heading(counted.by), ""),
    )


def _deeper(links: FigureLinks, row: CountRow) -> str:
    """Return the address of what lies below a row: smaller rows, and below a class its people."""
    if row.is_empty and not row.key:
        return ""
    query = links.question.deeper(row.key)
    if query:
        return f"{reverse('county:figures')}?{query}"
    return links.to(EVERYBODY, **links.question.narrowed(row.key))


def _size(row: CountRow, attribute: str) -> Any:
    value = row.conversion_rate if attribute == "conversion" else getattr(row, attribute)
    return -1 if value is None else value


def trail(question: Question, scopes: list[str]) -> list[tuple[str, str]]:
    """Return (name, query) of the places around the one asked about that she may read, the largest first."""
    above = [question.region[:length] for length in sorted(LEVELS) if length < len(question.region)]
    codes = [code for code in above if any(code.startswith(scope) for scope in scopes)]
    names = place_names(set(codes)) if codes else {}
    below = {2: "county", 4: "county", 6: "town", 9: "village"}
    return [
        (
            names.get(code, code),
            question.query(region=code, by=below[len(code)], training_class="", unallocated=""),
        )
        for code in codes
    ]


def narrowing(question: Question, counted: Count) -> list[tuple[str, str]]:
    """Return what the question is narrowed to without a field that shows it, with the query that ends that.

    A class is named only where somebody of it is counted: its name is no business of another region.
    """
    found = []
    if question.training_class:
        named = TrainingClass.objects.filter(uid=question.training_class).select_related("course").first()
        is_hers = named is not None and not counted.total.is_empty
        text = f"{named.label} {named.course.title}" if named and is_hers else ""
        found.append((_("Only one class: {name}").format(name=text), question.query(training_class="")))
    if question.unallocated:
        found.append((_("Only people of whom the place is not known"), question.query(unallocated="")))
    return found


def query_of(request: HttpRequest, *drop: str) -> str:
    """Return the query of the address without what only arranges the page."""
    kept = {name: value for name, value in request.GET.items() if name not in {"page", *drop} and value}
    return urlencode(kept)


def saving(request: HttpRequest, page: str) -> dict[str, str]:
    """Return what the form that saves this view sends."""
    return {"page": page, "query": query_of(request)}
