"""What somebody says who wants a list, and who lets it go."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.errors import RegistryError
from registry.list_kinds import list_kinds
from registry.models import Export, User
from registry.queries.exports import regions_to_choose
from registry.services import ask_for_list

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExportForm(forms.Form):
    """Which list, of where and when, what for; numbers only when they are ticked."""

    kind = forms.ChoiceField(label=_("Which list"), widget=forms.RadioSelect)
    region_code = forms.ChoiceField(label=_("Region"))
    since = forms.DateField(label=_("From"), required=False, widget=_DAY)
    until = forms.DateField(label=_("To"), required=False, widget=_DAY)
    with_id_numbers = forms.BooleanField(label=_("With ID numbers"), required=False)
    with_phones = forms.BooleanField(label=_("With phone numbers"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Export.Purpose)
    purpose_text = forms.CharField(
        label=_("What exactly for"),
        max_length=300,
        help_text=_("It stands on the list and in the log. Please write no name and no number."),
    )

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data)
        self._user = user
        kinds = [(kind, kind.scopes_of(user)) for kind in list_kinds()]
        mine = [(kind, scopes) for kind, scopes in kinds if scopes]
        scopes = sorted({code for _kind, codes in mine for code in codes})
        self._choose("kind", [(kind.key, f"{kind.title} · {kind.note}") for kind, _codes in mine])
        self._choose("region_code", regions_to_choose(scopes, today))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """A period has its days in order."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = answers.get("since"), answers.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return answers

    def save(self, **kwargs: Any) -> Export | None:
        """Ask for the list; None when it may not be, with the reason."""
        try:
            return ask_for_list(by=self._user, now=timezone.now(), **self.cleaned_data, **kwargs)
        except RegistryError as refusal:
            self.add_error(None, str(refusal))
            return None


class ExportRefusalForm(forms.Form):
    """A word why not; the asker reads it."""

    reason = forms.CharField(label=_("Why not"), max_length=300, required=False)
