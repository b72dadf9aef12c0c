"""What the interface is asked and what it answers, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import ValidationError
from pydantic import AfterValidator, ValidationInfo, model_validator

from county.counting import Count, parse_month
from county.models import MonthlyReturn
from courses.models import Course

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_MOST_NAMED = 10  # unknown parameters in one refusal


def _month(text: str) -> str:
    if not _FIRST_YEAR <= parse_month(text).year <= _LAST_YEAR:
        raise ValueError(text)
    return text


Month = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}$", description="A month, such as 2026-03."), AfterValidator(_month)
]
RegionCode = Annotated[str, Field(pattern=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$")]
CountyCode = Annotated[str, Field(pattern=r"^\d{6}$")]
# What `GROUPINGS` and the constants of `counting` hold, for the description.
By = Literal["province", "prefecture", "county", "town", "village", "month", "course", "category", "class"]
OnMap = Literal["then", "now"]
View = Literal["origin", "place", "funding"]


class Parameters(Schema):
    """What is asked; a misspelt parameter is refused, since without it the answer would be another."""

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, asked: Any, info: ValidationInfo) -> Any:
        known = {field.alias or name for name, field in cls.model_fields.items()}
        unknown = [name for name in info.context["request"].GET if name not in known] if info.context else []
        if unknown:
            said = _("There is no such parameter.")
            raise ValidationError([{"loc": ("query", name), "msg": said} for name in unknown[:_MOST_NAMED]])
        return asked


class Asking(Parameters):
    """One question to the count, as the county desk asks it."""

    region: RegionCode = Field(description="Code of a province, prefecture, county, town or village.")
    since: Month = Field(alias="from", description="First month; a class counts in the month it ends.")
    until: Month = Field(alias="to", description="Last month, included.")
    by: By | None = Field(None, description="One row a place, month, course or category.")
    map: OnMap = Field("then", description="Places as coded at enrolment (then), or as they lie now.")
    view: View = Field(
        "origin", description="What lies in the region: people's origin, the class's place, or who pays."
    )
    course: str = Field(
        "", max_length=40, pattern=r"^[^\x00]*$", description="Only the course with this code."
    )
    category: Course.Category | None = Field(None, description="Only courses of this category.")
    with_cadres: bool = Field(False, description="Whether classes for officials are in the shares.")


class AskingReturns(Parameters):
    """Which returns, and which part of them."""

    since: Month = Field(alias="from")
    until: Month = Field(alias="to", description="Last month, included.")
    county: CountyCode | None = Field(None, description="Only those of this county.")
    state: MonthlyReturn.State | None = None
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class AskingLines(Parameters):
    """Which part of the lines."""

    limit: int = Field(500, ge=1, le=5000)
    offset: int = Field(0, ge=0, le=10_000_000)


class Figures(Schema):
    """Figures of one scope. Heads are distinct people: those of rows do not add up to the total's.

    Every reading of the status stands side by side: registered poor on the day of enrolment (poor), ever
    registered by that day (registered), monitored, and registered or monitored (aided).
    """

    key: str = Field(description="Code of the place, month, course or category; empty: unallocated or all.")
    label: str
    classes: int
    enrolled: int
    person_times: int
    heads: int
    poor_person_times: int
    poor_heads: int
    registered_heads: int
    monitored_heads: int
    aided_heads: int
    poor_at_completion: int
    women: int
    under_35: int
    from_35_to_59: int
    from_60: int
    unverified: int
    completed: int
    certificates: int
    repeats: int
    minutes: int
    hours: float
    days: int
    poor_share_person_times: float | None = Field(description="In percent, one decimal; null: no one.")
    poor_share_heads: float | None
    converted: int
    cohort: int
    watching: int
    conversion_rate: float | None
    in_training: int = Field(description="Places in classes that are not closed, in no other figure.")


class Counted(Schema):
    """A question and its answer; the total is counted and not summed from the rows."""

    region_code: str
    region_name: str
    since: str = Field(alias="from")
    until: str = Field(alias="to")
    by: str | None
    map: str
    view: str
    course: str
    category: str
    with_cadres: bool
    total: Figures
    rows: list[Figures]

    @classmethod
    def of(cls, count: Count) -> "Counted":
        """Return an answer of the count as the interface gives it."""
        return cls(
            region_code=count.region_code,
            region_name=count.region_name,
            by=count.by,
            map=count.on_map,
            view=count.view,
            course=count.course,
            category=count.category,
            with_cadres=count.with_cadres,
            total=Figures.from_orm(count.total),
            rows=[Figures.from_orm(row) for row in count.rows],
            **{"from": f"{count.since:%Y-%m}", "to": f"{count.until:%Y-%m}"},
        )


class County(Schema):
    """A county the token reaches, as it is coded today."""

    code: str
    name: str


class ReturnHead(Schema):
    """Which return of which county, and how far it is."""

    county: str
    name: str
    month: str
    state: str
    sha256: str
    person_times: int
    heads: int
    signed_at: datetime | None

    @classmethod
    def of(cls, made: MonthlyReturn) -> "ReturnHead":
        """Return the head of a return."""
        total = made.figures["total"]
        return cls(
            county=made.county_code,
            name=made.figures["name"],
            month=f"{made.month:%Y-%m}",
            state=made.state,
            sha256=made.sha256,
            person_times=total["person_times"],
            heads=total["heads"],
            signed_at=made.signed_at,
        )


class Returns(Schema):
    """A part of the returns that were found, and how many there are."""

    total: int
    items: list[ReturnHead]


class Correction(Schema):
    """What a return states of an earlier month: the class, and by how much which figure changes."""

    of_month: str
    class_label: str
    change: dict[str, int]


class Return(ReturnHead):
    """A return with its figures as they were stored and fingerprinted."""

    figures: dict[str, Any]
    prepared_at: datetime
    checked_at: datetime | None
    corrections: list[Correction]


class Line(Schema):
    """What a return states of one person-time, just as it goes into the fingerprint. No names: numbers."""

    of_month: str
    person: int
    of_class: int = Field(alias="class")
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Lines(Schema):
    """A part of the lines of a return, and how many there are."""

    total: int
    items: list[Line]


class Fingerprint(Schema):
    """The SHA-256 of a return when it was filled in, of what is stored today, and over how many lines."""

    sha256: str
    computed: str
    is_intact: bool
    lines: int


def month_of(text: str) -> date:
    """Return the first day of a month that was understood."""
    return parse_month(text)
