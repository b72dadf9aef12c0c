"""What we ask somebody new: the answer only she knows, or who she is."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Person, Region, RegionVersion
from registry.names import MAX_LENGTH, clean_name
from registry.queries.places import children_of, version_by_code

_LAST_FOUR = re.compile(r"\d{3}[\dX]")


class LinkForm(forms.Form):
    """The last four characters of the ID number, and the name where these are not enough."""

    last_four = forms.CharField(
        label=_("The last four characters of your ID number"),
        help_text=_("They stand at the end of the long number on your ID card. The last may be an X."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label=_("Your name as on the ID card"), max_length=MAX_LENGTH, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["name"].widget = forms.HiddenInput()
        if self.data.get("name"):
            self.ask_name()

    def ask_name(self) -> None:
        """Show the field for the name, which two people of a family need."""
        self.fields["name"].widget = forms.TextInput(attrs={"autocomplete": "name"})
        self.fields["name"].required = True

    def clean_last_four(self) -> str:
        """Return them without spaces, in capitals; full-width characters count."""
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["last_four"])).upper()
        if not _LAST_FOUR.fullmatch(text):
            raise forms.ValidationError(
                _("Please give four characters: digits, and perhaps an X at the end.")
            )
        return text


class RegisterForm(forms.Form):
    """Who somebody is who stands on no list; without JavaScript: the town first, then its villages."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As on your ID card: it will stand on your certificate."),
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    town = forms.ChoiceField(label=_("Town or township"), required=False)
    village = forms.ChoiceField(label=_("Village"), required=False)
    villages_of = forms.CharField(widget=forms.HiddenInput, required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Person.Sex.choices, widget=forms.RadioSelect, required=False
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "bday-year"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        towns = children_of(settings.HOME_COUNTY)
        self._choices_of("town", _("Another place, or I would rather not say"), towns)
        self._offer_villages({town.code for town in towns})

    def _offer_villages(self, towns: set[str]) -> None:
        town = self.data.get("town", "")
        self.asks_village = town in towns and self.data.get("villages_of") != town
        if town not in towns:
            del self.fields["village"]
            return
        self._choices_of("village", _("My village is not among them"), children_of(town))
        # The page that comes back shows the villages of this town, and none is chosen yet.
        answers = dict(self.data.items(), villages_of=town)
        self.data = {**answers, "village": ""} if self.asks_village else answers

    def _choices_of(self, name: str, none: str | Promise, places: Iterable[RegionVersion]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", none), *((place.code, place.name) for place in places)]

    def clean_name(self) -> str:
        """Return the name as it is kept; it needs two characters of writing."""
        name = clean_name(self.cleaned_data["name"])
        if sum(character.isalpha() for character in name) < 2:
            raise forms.ValidationError(_("Please give your full name."))
        return name

    def clean_birth_year(self) -> int | None:
        """Return a year in which a living person can have been born."""
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not 1900 <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("Please give the year in four digits, such as 1968."))
        return year

    @property
    def chosen_village(self) -> Region | None:
        """The village that was chosen, or None."""
        code = self.cleaned_data.get("village")
        return version_by_code(code).region if code else None
