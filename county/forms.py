"""What the office asks and what it decides."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN, parse_month
from county.questions import DEFAULT_GROUPING, Question
from courses.models import Course, TrainingClass
from courses.services import close_class
from registry.models import User

EARLIEST, LATEST = 2000, 2100


class MonthField(forms.CharField):
    """A month as browsers send it, 2026-03; cleans to its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-03", "autocomplete": "off"})

    def clean(self, value: Any) -> date | None:
        """Return the first day of the month, or say how a month is written; None where none is asked."""
        text = super().clean(value)
        if not text and not self.required:
            return None
        try:
            month = parse_month(text)
        except ValueError:
            month = date(1, 1, 1)
        if not EARLIEST <= month.year <= LATEST:
            raise forms.ValidationError(_("Please write the month like this: 2026-03."))
        return month


class CountForm(forms.Form):
    """Region, period and grouping; the view has checked that the region may be read."""

    region = forms.ChoiceField(label=_("Region"))
    since = MonthField(label=_("From"))
    until = MonthField(label=_("Up to and including"))
    by = forms.ChoiceField(
        label=_("Show by"),
        choices=[
            ("town", _("town")),
            ("village", _("village")),
            ("month", _("month")),
            ("course", _("course")),
            ("category", _("category of courses")),
            ("class", _("class")),
            ("county", _("county")),
        ],
    )
    map = forms.ChoiceField(
        label=_("Map of places"),
        choices=[(THEN, _("as on the day of enrolment")), (NOW, _("as they are now"))],
    )

    view = forms.ChoiceField(
        label=_("What lies in the region"),
        choices=[
            (ORIGIN, _("where people are registered")),
            (PLACE, _("where the class is held")),
            (FUNDING, _("who pays for the class")),
        ],
    )
    course = forms.ChoiceField(label=_("Only this course"), required=False)
    category = forms.ChoiceField(label=_("Only this category"), required=False)
    cadres = forms.BooleanField(label=_("Shares of the poor with classes for officials"), required=False)
    training_class = forms.UUIDField(required=False, widget=forms.HiddenInput)
    unallocated = forms.ChoiceField(
        choices=[(name, name) for name in ("", "town", "village", "county")],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], today: date) -> None:
        asked = {
            "region": regions[0][0],
            "since": f"{today.year}-01",
            "until": f"{today:%Y-%m}",
            "by": DEFAULT_GROUPING,
            "map": THEN,
            "view": ORIGIN,
        }
        super().__init__(asked | {name: value for name, value in data.items() if value})
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101 - for the type checker
        region.choices = regions
        self._offer("course", [(course.code, course.title) for course in Course.objects.all()])
        self._offer("category", Course.Category.choices)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("all")), *choices]

    @property
    def is_narrowed(self) -> bool:
        """Whether something unusual is asked, so that its fields are shown open."""
        unusual = (self.data.get("view") or ORIGIN) != ORIGIN
        return unusual or any(self.data.get(name) for name in ("course", "category", "cadres"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned = super().clean() or {}
        if {"since", "until"} <= cleaned.keys() and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("The last month must not lie before the first."))
        return cleaned

    @property
    def question(self) -> Question:
        """The question, after validation."""
        asked = self.cleaned_data
        return Question(**asked | {"training_class": str(asked["training_class"] or "")})


class ReturnsForm(forms.Form):
    """The month whose returns are looked at; the one before today's unless asked."""

    month = MonthField(label=_("Month"))

    def __init__(self, data: dict[str, str], *, today: date) -> None:
        last = today.replace(day=1) - timedelta(days=1)
        super().__init__({"month": data.get("month") or f"{last:%Y-%m}"})


class SendBackForm(forms.Form):
    """Why a return is to be filled in anew."""

    reason = forms.CharField(label=_("Why it is sent back"), max_length=200)


class PublicForm(forms.Form):
    """The year the public asks about."""

    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST)


class CloseClassForm(forms.Form):
    """The second step of closing a class: it cannot be opened again."""

    is_sure = forms.BooleanField(label=_("I have understood this and want to close the class."))

    def save(self, *, training_class: TrainingClass, by: User, now: datetime | None = None) -> TrainingClass:
        """Close the class. Raises `courses.errors.CourseError` with a sentence for the office."""
        return close_class(training_class=training_class, by=by, now=now)
