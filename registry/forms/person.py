"""A learner says who she is."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.models import Person, Region, User
from registry.names import clean_name
from registry.queries.places import villages_by_town
from registry.services import link_person, register_self

_NAME_LENGTH = 50


class LinkForm(forms.Form):
    """The question only the person on the list can answer."""

    last_four = forms.CharField(
        label=_("Last four characters of your ID number"),
        help_text=_("Digits, or digits and an X at the end."),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def save(self, user: User) -> Person:
        """Link the login; raises `LinkWrong` or `LinkClosed`."""
        return link_person(user=user, last_four=self.cleaned_data["last_four"])


class IntroductionForm(forms.Form):
    """Name, and the village if she likes."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As on your ID card: it will stand on your certificate."),
        max_length=_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    village = forms.ChoiceField(label=_("Your village"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["village"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [
            ("", _("Choose your village")),
            *(
                (town.name, [(str(village.region_id), village.name) for village in villages])
                for town, villages in villages_by_town(settings.HOME_COUNTY)
            ),
        ]

    def clean_name(self) -> str:
        """A name holds at least one letter or character."""
        name = clean_name(self.cleaned_data["name"])
        if not any(character.isalpha() for character in name):
            raise forms.ValidationError(_("Please write your name."))
        return name

    def save(self, user: User) -> Person:
        """Make the person behind the login."""
        village = self.cleaned_data["village"]
        return register_self(
            user=user,
            name=self.cleaned_data["name"],
            village=Region.objects.get(pk=village) if village else None,
        )
