"""What the pages about the year ask: a region and month, a target, a comparison, a name for a view."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from county.counting import NOW, THEN
from county.forms import EARLIEST, LATEST, MonthField
from county.models import SavedView, Target
from county.questions import Question

MAPS = [(THEN, _("as on the day of enrolment")), (NOW, _("as they are now"))]


class RegionForm(forms.Form):
    """A form that begins with a region of hers; what is not said has a default."""

    region = forms.ChoiceField(label=_("Region"))

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], **defaults: str) -> None:
        given = {name: value for name, value in data.items() if value}
        super().__init__({"region": regions[0][0]} | defaults | given)
        for name in ("region", "other_region"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
                field.choices = regions


class GlanceForm(RegionForm):
    """A region and a month; the year is the month's, from January on."""

    month = MonthField(label=_("Month"))

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], today: date) -> None:
        super().__init__(data, regions=regions, month=f"{today:%Y-%m}")

    @property
    def question(self) -> Question:
        """The year up to the month, after validation."""
        region, month = self.cleaned_data["region"], self.cleaned_data["month"]
        below = "county" if len(region) < 6 else "town" if len(region) == 6 else "village"
        return Question(region, month.replace(month=1), month, by=below if len(region) < 12 else "class")


class TilesForm(RegionForm):
    """A region and a period, and on whose map."""

    since = MonthField(label=_("From"))
    until = MonthField(label=_("Up to and including"))
    map = forms.ChoiceField(label=_("Map of places"), choices=MAPS)

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], today: date) -> None:
        super().__init__(data, regions=regions, since=f"{today.year}-01", until=f"{today:%Y-%m}", map=THEN)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        return _in_order(self, "since", "until")

    @property
    def question(self) -> Question:
        """The question, after validation."""
        return Question(**self.cleaned_data, by="village")


class CompareForm(RegionForm):
    """Two periods, and a second region if not the same."""

    since = MonthField(label=_("From"))
    until = MonthField(label=_("Up to and including"))
    other_region = forms.ChoiceField(label=_("Compared with"))
    other_since = MonthField(label=_("From"))
    other_until = MonthField(label=_("Up to and including"))
    map = forms.ChoiceField(label=_("Map of places"), choices=MAPS)

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], today: date) -> None:
        before = today.year - 1
        super().__init__(
            data,
            regions=regions,
            since=f"{today.year}-01",
            until=f"{today:%Y-%m}",
            other_region=data.get("region") or regions[0][0],
            other_since=f"{before}-01",
            other_until=f"{before}-{today:%m}",
            map=THEN,
        )

    def clean(self) -> dict[str, Any]:
        """Refuse periods that end before they start."""
        _in_order(self, "since", "until")
        return _in_order(self, "other_since", "other_until")

    @property
    def questions(self) -> tuple[Question, Question]:
        """Both questions, after validation."""
        asked = self.cleaned_data
        return (
            Question(asked["region"], asked["since"], asked["until"], map=asked["map"]),
            Question(asked["other_region"], asked["other_since"], asked["other_until"], map=asked["map"]),
        )


class YearForm(RegionForm):
    """A region and a year."""

    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST)

    def __init__(self, data: dict[str, str], *, regions: list[tuple[str, str]], today: date) -> None:
        super().__init__(data, regions=regions, year=str(today.year))


class TargetForm(forms.Form):
    """One target of the year: of what place, of which measure."""

    place = forms.ChoiceField(label=_("Region"))
    measure = forms.ChoiceField(label=_("Measure"), choices=Target.Measure.choices)
    value = forms.IntegerField(
        label=_("Target"),
        min_value=1,
        max_value=100_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=200,
        required=False,
        help_text=_("Only where there is a target already. The old one stays on record."),
    )

    def __init__(self, data: Any, *, places: list[tuple[str, str]]) -> None:
        super().__init__(data, prefix="target")
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = places


class SaveViewForm(forms.ModelForm):
    """A name for what is on the screen."""

    class Meta:
        model = SavedView
        fields = ["page", "query", "name", "is_shared"]
        widgets = {"page": forms.HiddenInput, "query": forms.HiddenInput}
        labels = {"is_shared": _("My colleagues of this office see it too")}


def _in_order(form: forms.Form, first: str, last: str) -> dict[str, Any]:
    cleaned = form.cleaned_data
    if {first, last} <= cleaned.keys() and cleaned[last] < cleaned[first]:
        form.add_error(last, _("The last month must not lie before the first."))
    return cleaned
