"""What an office types when it appoints, transfers and ends."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.errors import CannotAppointHere, RegistryError
from registry.models import Appointment, Organisation, RegionVersion, User
from registry.permissions import appointing_reach
from registry.queries.officials import accounts_to_appoint
from registry.queries.places import version_by_code
from registry.services import Post, appoint, end_appointment, post_of, transfer

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_MOBILE = RegexValidator(
    r"^(\+?86)?\s*1[3-9](\s|-)?\d", _("Please give the office's number, not a mobile."), inverse_match=True
)
_NUMBER = RegexValidator(r"^[0-9+ -]{5,30}$", _("Digits, spaces and hyphens only."))


class RosterFilter(forms.Form):
    """What to show of the roster."""

    q = forms.CharField(label=_("Name, post or organisation"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("current", _("in office")), ("ended", _("ended")), ("all", _("all"))],
    )

    def __init__(self, data: Any) -> None:
        super().__init__({"state": "current"} | {name: value for name, value in data.items() if value})
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the type checker
        role.choices = [("", _("every role")), *Appointment.Role.choices]


class PostForm(forms.Form):
    """Where she works, as what, with which duties: what appointing and transferring have in common."""

    region = forms.CharField(
        label=_("Region"),
        max_length=12,
        help_text=_("The code of a county, town or village in your region."),
        widget=forms.TextInput(attrs={"list": "regions", "inputmode": "numeric", "autocomplete": "off"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=80, help_text=_("As on its seal; a new name is added.")
    )
    post = forms.CharField(label=_("Post"), max_length=60, required=False)
    duties = forms.MultipleChoiceField(
        label=_("Duties"),
        choices=Appointment.Duty.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the roster. What she may do follows from the role."),
    )
    deputy = forms.CharField(
        label=_("Deputy"), max_length=150, required=False, help_text=_("Her user name, if there is one.")
    )
    work_phone = forms.CharField(
        label=_("Work phone"),
        max_length=30,
        required=False,
        validators=[_NUMBER, _MOBILE],
        help_text=_("The office's number, never a private one."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by

    def clean_region(self) -> RegionVersion:
        """Return the place; one she does not reach is as good as unknown."""
        code = self.cleaned_data["region"].strip()
        try:
            version = version_by_code(code)
        except RegionVersion.DoesNotExist:
            version = None
        if version is None or not self._reaches(code):
            raise ValidationError(str(CannotAppointHere()))
        return version

    def clean_deputy(self) -> User | None:
        """Return the account, or say that it is not one of hers."""
        name = self.cleaned_data["deputy"].strip()
        return _account(self._by, name) if name else None

    def _reaches(self, code: str) -> bool:
        reach = appointing_reach(self._by)
        return reach.is_everything or any(code.startswith(scope) for scope in reach.scopes)

    @property
    def post_entered(self) -> Post:
        """The post, its organisation found or made."""
        cleaned = self.cleaned_data
        organisation, _is_new = Organisation.objects.get_or_create(
            name=cleaned["organisation"].strip(), region=cleaned["region"].region
        )
        return Post(
            organisation=organisation,
            title=cleaned["post"],
            duties=tuple(cleaned["duties"]),
            deputy=cleaned["deputy"],
            work_phone=cleaned["work_phone"],
        )

    def _try(self, action: Any) -> Appointment | None:
        try:
            done: Appointment = action()
        except RegistryError as error:
            self.add_error(None, str(error))
            return None
        return done


class AppointForm(PostForm):
    """A new appointment."""

    account = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("The account she signs in with.")
    )
    role = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(label=_("From"), widget=_DAY, initial=timezone.localdate)
    until = forms.DateField(
        label=_("Until"),
        widget=_DAY,
        required=False,
        help_text=_("The first day it no longer holds; empty if there is none."),
    )

    field_order = ("account", "role", "region", "organisation", "post", "duties", "deputy", "work_phone")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the type checker
        roles = [(value, Appointment.Role(value).label) for value in appointing_reach(by).roles]
        role.choices = [("", "—"), *roles]

    def clean_account(self) -> User:
        """Return the account, or say that it is not one of hers."""
        return _account(self._by, self.cleaned_data["account"].strip())

    def save(self) -> Appointment | None:
        """Appoint; None, with an error on the form, when it cannot be."""
        cleaned = self.cleaned_data
        return self._try(
            lambda: appoint(
                user=cleaned["account"],
                role=cleaned["role"],
                region=cleaned["region"].region,
                since=cleaned["since"],
                until=cleaned["until"],
                post=self.post_entered,
                by=self._by,
            )
        )


class TransferForm(PostForm):
    """The same role elsewhere or in another post from a day on."""

    on = forms.DateField(label=_("From"), widget=_DAY, initial=timezone.localdate)

    def __init__(self, *args: Any, by: User, appointment: Appointment, **kwargs: Any) -> None:
        post = post_of(appointment)
        initial = {
            "organisation": post.organisation.name if post.organisation else "",
            "post": post.title,
            "duties": list(post.duties),
            "deputy": post.deputy.username if post.deputy else "",
            "work_phone": post.work_phone,
        }
        super().__init__(*args, by=by, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self._appointment = appointment

    def save(self) -> Appointment | None:
        """Transfer; None, with an error on the form, when it cannot be."""
        cleaned = self.cleaned_data
        return self._try(
            lambda: transfer(
                appointment=self._appointment,
                region=cleaned["region"].region,
                on=cleaned["on"],
                post=self.post_entered,
                by=self._by,
            )
        )


class EndForm(forms.Form):
    """The first day the appointment no longer holds."""

    on = forms.DateField(
        label=_("First day it no longer holds"),
        widget=_DAY,
        initial=timezone.localdate,
        help_text=_("Today takes her access away at once."),
    )

    def __init__(self, *args: Any, by: User, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by, self._appointment = by, appointment

    def clean_on(self) -> date:
        """A day that is over cannot be the end: what she did since then stays hers."""
        on: date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or a day to come."))
        return on

    def save(self) -> Appointment | None:
        """End it; None, with an error on the form, when it cannot be."""
        try:
            return end_appointment(appointment=self._appointment, on=self.cleaned_data["on"], by=self._by)
        except RegistryError as error:
            self.add_error(None, str(error))
            return None


def _account(by: User, name: str) -> User:
    user = accounts_to_appoint(by).filter(username=name).first()
    if user is None:
        raise ValidationError(_("There is no account of this name that you can appoint."))
    return user
