"""Forms of the class desk: plan, sittings, people, sheets, corrections."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Enrolment, Sitting, SittingPhoto, TrainingClass
from courses.services import ClassPlan, SitePlan, SittingPlan
from registry.errors import ScanUnreadable
from registry.models import Organisation, Region, RegionVersion, User
from registry.queries.places import version_by_code, version_on
from registry.scans import check_scan

_DATE = forms.DateInput(attrs={"type": "date"})
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PlanForm(forms.Form):
    """The plan of a taught class. Its days follow from the sittings, added next."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.all())
    place = forms.ChoiceField(label=_("Place of the class"))
    venue = forms.CharField(
        label=_("Venue"), max_length=120, help_text=_("The room, as the sign-in sheet names it.")
    )
    room_capacity = forms.IntegerField(
        label=_("Seats in the room"), min_value=1, max_value=5000, required=False
    )
    starts_on = forms.DateField(label=_("First day"), widget=_DATE)
    planned_hours = forms.DecimalField(
        label=_("Planned class hours"),
        min_value=1,
        max_digits=5,
        decimal_places=2,
        help_text=_("45 minutes each. Completing takes four fifths of them."),
    )
    capacity = forms.IntegerField(label=_("Number of places"), min_value=1, max_value=5000)
    lead_teacher = forms.CharField(label=_("Lead teacher"), max_length=60)
    training_body = forms.ModelChoiceField(
        label=_("Training body"), queryset=Organisation.objects.none(), required=False
    )
    budget_line = forms.CharField(label=_("Budget line"), max_length=80, required=False)
    funding = forms.RegexField(
        label=_("Who pays: region code"),
        regex=r"^\d{2,12}$",
        required=False,
        help_text=_("Empty: the county itself. In pairing, the city that pays, such as 320500."),
    )
    is_for_cadres = forms.BooleanField(
        label=_("For officials: stays out of the share of the poor"), required=False
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[RegionVersion],
        bodies: Sequence[int] = (),
        is_body: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.code: place for place in places}
        choices = [(code, f"{place.name}　{code}") for code, place in self.places.items()]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]
        chosen = self.fields["training_body"]
        everyone = Organisation.objects.all()
        chosen.queryset = everyone.filter(pk__in=bodies) if is_body else everyone  # type: ignore[attr-defined]
        chosen.required = is_body

    def clean_funding(self) -> Region | None:
        """Find the region that pays."""
        code = self.cleaned_data["funding"]
        if not code:
            return None
        try:
            return version_by_code(code).region
        except RegionVersion.DoesNotExist:
            raise ValidationError(_("There is no region with this code today.")) from None

    @property
    def chosen_place(self) -> Region:
        """Where the class is held."""
        return self.places[self.cleaned_data["place"]].region

    @property
    def plan(self) -> ClassPlan:
        """The plan as it was filled in; who pays is the county unless somebody else does."""
        given = self.cleaned_data
        code = given["place"][:6]
        return ClassPlan(
            starts_on=given["starts_on"],
            ends_on=given["starts_on"],
            planned_hours=given["planned_hours"],
            capacity=given["capacity"],
            venue=given["venue"],
            room_capacity=given["room_capacity"],
            budget_line=given["budget_line"],
            funding_region=given["funding"] or version_by_code(code, given["starts_on"]).region,
            lead_teacher=given["lead_teacher"],
            is_for_cadres=given["is_for_cadres"],
            training_body=given["training_body"],
        )

    @staticmethod
    def initial_of(training_class: TrainingClass) -> dict[str, Any]:
        """Return what the form shows of a plan that is there."""
        names = ("course", "venue", "room_capacity", "starts_on", "planned_hours", "capacity", "lead_teacher")
        paying = training_class.funding_region
        version = version_on(paying, training_class.starts_on) if paying else None
        return {name: getattr(training_class, name) for name in names} | {
            "place": training_class.place_code,
            "training_body": training_class.training_body,
            "budget_line": training_class.budget_line,
            "funding": version.code if version else "",
            "is_for_cadres": training_class.is_for_cadres,
        }


class WhenForm(forms.Form):
    """A day with its beginning and end."""

    day = forms.DateField(label=_("Day"), widget=_DATE)
    begins = forms.TimeField(label=_("From"), widget=_TIME)
    ends = forms.TimeField(label=_("To"), widget=_TIME)

    def clean(self) -> dict[str, Any]:
        """Let the end come after the beginning."""
        cleaned = super().clean() or {}
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["ends"] <= cleaned["begins"]:
            self.add_error("ends", _("The end comes after the beginning."))
        return cleaned

    def moment(self, name: str) -> datetime:
        """Return the beginning or the end, by China's clock."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data[name]))


class SittingForm(WhenForm):
    """One more sitting of the timetable."""

    kind = forms.ChoiceField(label=_("Half-day"), choices=Sitting.Kind)
    topic = forms.CharField(label=_("Topic"), max_length=80, required=False)
    tutor_name = forms.CharField(label=_("Local tutor"), max_length=60, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes taught"),
        min_value=1,
        max_value=720,
        required=False,
        help_text=_("Without breaks. Empty: from beginning to end."),
    )

    field_order = ("day", "kind", "begins", "ends", "minutes", "topic", "tutor_name")

    @property
    def plan(self) -> SittingPlan:
        """The sitting as it was filled in."""
        begins, ends = self.moment("begins"), self.moment("ends")
        length = int((ends - begins) / timedelta(minutes=1))
        return SittingPlan(
            kind=self.cleaned_data["kind"],
            starts_at=begins,
            ends_at=ends,
            planned_minutes=min(length, self.cleaned_data["minutes"] or length),
            topic=self.cleaned_data["topic"],
        )


class MoveForm(WhenForm):
    """Another time for a sitting, and why."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class ReasonForm(forms.Form):
    """A step that needs a reason."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class CapacityForm(forms.Form):
    """More or fewer places in a class that is open."""

    capacity = forms.IntegerField(label=_("Number of places"), min_value=1, max_value=5000)
    reason = forms.CharField(label=_("Why"), max_length=200)


class TeacherForm(forms.Form):
    """The login of the lead teacher."""

    account = forms.ModelChoiceField(
        label=_("Login of the lead teacher"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args: Any, accounts: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]


class SiteForm(forms.Form):
    """A receiving site with its tutor, for this sitting or all that come."""

    name = forms.CharField(label=_("Receiving site"), max_length=120)
    room_capacity = forms.IntegerField(
        label=_("Seats in the room"), min_value=1, max_value=5000, required=False
    )
    tutor_name = forms.CharField(label=_("Local tutor"), max_length=60)
    tutor = forms.ModelChoiceField(
        label=_("Login of the tutor"), queryset=User.objects.none(), required=False
    )
    to_all = forms.BooleanField(label=_("For all sittings that come"), required=False)

    def __init__(self, *args: Any, tutors: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tutor"].queryset = tutors  # type: ignore[attr-defined]

    @property
    def site(self) -> SitePlan:
        """The site as it was filled in."""
        given = self.cleaned_data
        names = ("room_capacity", "tutor", "tutor_name")
        return SitePlan(given["name"], **{name: given[name] for name in names})


class ApprovalForm(forms.Form):
    """Number and scan of the office's approval."""

    approval_number = forms.CharField(label=_("Number of the approval"), max_length=60)
    scan = forms.FileField(label=_("Scan of the approval"), required=False)

    def clean_scan(self) -> Any:
        """Keep only what may be kept of a scan."""
        return _checked(self.cleaned_data["scan"])


class SheetForm(forms.Form):
    """The signed sheet: its heads as the paper says, its scan, and who signed."""

    heads = forms.IntegerField(
        label=_("Heads on the signed sheet"),
        min_value=0,
        max_value=5000,
        help_text=_("As the tutor wrote it, in figures and in words."),
    )
    scan = forms.FileField(label=_("Photo or scan of the signed sheet"))

    def __init__(self, *args: Any, heads_before: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("heads", heads_before)
        self.heads_before = heads_before
        self.fields["scan"].required = heads_before is None

    def clean_scan(self) -> Any:
        """Keep only what may be kept of a scan."""
        return _checked(self.cleaned_data["scan"])

    def clean(self) -> dict[str, Any]:
        """Ask for the scan again where the heads are others than on the sheet that is there."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["scan"] and cleaned["heads"] != self.heads_before:
            self.add_error("scan", _("A sheet with other heads is another sheet: send its scan."))
        return cleaned


class PhotoForm(forms.Form):
    """A photo of the room."""

    view = forms.ChoiceField(label=_("What it shows"), choices=SittingPhoto.View)
    photo = forms.FileField(label=_("Photo"))


class CorrectionForm(forms.Form):
    """The minutes that are right, and why."""

    minutes = forms.IntegerField(label=_("Minutes that are right"), min_value=0, max_value=720)
    reason = forms.CharField(label=_("Why"), max_length=200)


class MarkForm(forms.Form):
    """The mark of a practical test, taken down from the room."""

    mark = forms.DecimalField(
        label=_("Practical mark, 0-100"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    has_red_line = forms.BooleanField(label=_("Red line crossed"), required=False)


class SeatForm(forms.Form):
    """Who is put on the roster, and as what."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("Category"), choices=Enrolment.Category)


class PersonSearchForm(forms.Form):
    """Find people by the beginning of their name, or a whole ID or temporary number."""

    name = forms.CharField(label=_("Name"), max_length=30, required=False)
    number = forms.CharField(
        label=_("ID or temporary number"),
        max_length=30,
        required=False,
        help_text=_("Whole, or the last four."),
    )


def _checked(file: Any) -> Any:
    if not file:
        return None
    try:
        return check_scan(file)
    except ScanUnreadable as refusal:
        raise ValidationError(str(refusal)) from None
