"""What a keeper or the office fills in: a device, a reason for help, a new number."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.mobile import MobileField
from registry.models import AssistedSignIn, RegionVersion


class DeviceForm(forms.Form):
    """A name for this device, and where it stands."""

    name = forms.CharField(
        label=_("Name of the device"),
        help_text=_("So that it is known in a list: tablet by the door."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("Where it stands"))

    def __init__(self, data: Any = None, *, places: Iterable[RegionVersion], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._regions = {place.code: place.region for place in places}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy
        field.choices = [(place.code, place.name) for place in places]

    @property
    def region(self) -> Any:
        """The chosen region."""
        return self._regions[self.cleaned_data["place"]]


class AssistForm(forms.Form):
    """Why somebody is signed in by another."""

    reason = forms.ChoiceField(
        label=_("Why with your help?"), choices=AssistedSignIn.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewNumberForm(forms.Form):
    """The number in place of the lost one, and how it was made sure that it is she."""

    phone = MobileField(
        label=_("Her new mobile number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    reason = forms.CharField(
        label=_("Why, and how you know that it is she"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SearchForm(forms.Form):
    """The beginning of a name."""

    name = forms.CharField(
        label=_("Name begins with"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
