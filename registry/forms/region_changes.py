"""What an office types about changes of places and missing villages."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.errors import RegistryError
from registry.models import Region, RegionChange, RegionVersion, User, VillageProposal
from registry.permissions import can_record_change
from registry.queries.region_changes import towns_of_office
from registry.region_codes import LEVELS
from registry.region_plan import Plan, Target
from registry.services import ChangeRequest, plan_of, propose_village, record_change

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegionChangeForm(forms.Form):
    """One decision; places are given by their codes. `request` and `plan` hold what it means once valid."""

    kind = forms.ChoiceField(label=_("What happened"), choices=RegionChange.Kind)
    on = forms.DateField(label=_("First day it holds"), widget=_DAY)
    document = forms.CharField(
        label=_("Document number"), max_length=80, help_text=_("As printed, such as 国函〔2011〕130号.")
    )
    sources = forms.CharField(
        label=_("Places before"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their codes, one a line."),
    )
    targets = forms.CharField(
        label=_("Places after"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Code and name, one place a line. Only the code for a place that is there and stays."),
    )
    codes = forms.CharField(
        label=_("New codes of places below"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Old code, new code, and the new name if there is one; one place a line. "
            "The rest keeps its digits."
        ),
    )
    pieces = forms.CharField(
        label=_("Who gets what (for a split)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Code of a town or village, code of the place that gets it. The rest is unallocated."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    request: ChangeRequest
    plan: Plan

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_on(self) -> date:
        """A decision that does not hold yet is recorded when it does."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day lies in the future. Record the change when it holds."))
        return on

    def clean_sources(self) -> list[str]:
        """Codes."""
        return [line[0] for line in _lines(self.cleaned_data["sources"], 1, 1)]

    def clean_targets(self) -> list[Target]:
        """Codes with or without a name."""
        return [_target(line) for line in _lines(self.cleaned_data["targets"], 1, 2)]

    def clean_codes(self) -> dict[str, Target]:
        """Old codes with what they become."""
        return {line[0]: _target(line[1:]) for line in _lines(self.cleaned_data["codes"], 2, 3)}

    def clean_pieces(self) -> dict[str, str]:
        """Codes with the codes of who gets them."""
        return {line[0]: line[1] for line in _lines(self.cleaned_data["pieces"], 2, 2)}

    def clean(self) -> dict[str, Any]:
        """Find the places, within the user's regions; the answer is the same for not yours and not there."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        targets, codes = cleaned["targets"], cleaned["codes"]
        named = [*cleaned["sources"], *(t.code for t in [*targets, *codes.values()])]
        regions = _regions(cleaned["sources"], cleaned["on"] - timedelta(days=1))
        named += RegionVersion.objects.filter(region__in=regions, valid__endswith=None).values_list(
            "code", flat=True
        )
        if not can_record_change(self._user, named) or len(regions) != len(set(cleaned["sources"])):
            raise ValidationError(_("Not all of these places are in your office's region."))
        self.request = ChangeRequest(
            kind=cleaned["kind"],
            on=cleaned["on"],
            document=cleaned["document"],
            sources=regions,
            targets=targets,
            codes=codes,
            pieces=cleaned["pieces"],
        )
        return cleaned

    @property
    def fingerprint(self) -> str:
        """Stands for what was entered, so that nothing is recorded that was changed after its preview."""
        entered = "\0".join(self.data.get(name, "") for name in self.fields)
        return hashlib.sha256(entered.encode()).hexdigest()[:16]

    def preview(self) -> Plan | None:
        """Return what would move; None, with an error on the form, when it cannot be recorded."""
        return self._try(lambda: plan_of(self.request))

    def save(self) -> RegionChange | None:
        """Record it; None, with an error on the form, when it cannot be."""
        note = self.cleaned_data["note"]
        return self._try(lambda: record_change(self.request, by=self._user, note=note))

    def _try(self, action: Any) -> Any:
        try:
            return action()
        except RegistryError as error:
            self.add_error(None, str(error))
            return None


class _TownField(forms.ModelChoiceField):
    def label_from_instance(self, version: RegionVersion) -> str:
        return f"{version.name} {version.code}"


class VillageProposalForm(forms.Form):
    """A village that no list holds, in a town of the user's office."""

    town = _TownField(label=_("Town"), queryset=RegionVersion.objects.none())
    name = forms.CharField(label=_("Name of the village"), max_length=60)
    since = forms.DateField(label=_("First day it holds"), required=False, widget=_DAY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        field = self.fields["town"]
        assert isinstance(field, _TownField)  # noqa: S101 - for the type checker
        field.queryset = towns_of_office(user)

    def save(self) -> VillageProposal | None:
        """Propose it; None, with an error on the form, when it cannot be."""
        cleaned = self.cleaned_data
        try:
            return propose_village(
                town=cleaned["town"].region, name=cleaned["name"], since=cleaned["since"], by=self._user
            )
        except RegistryError as error:
            self.add_error(None, str(error))
            return None


def _lines(text: str, fewest: int, most: int) -> list[list[str]]:
    """Read codes and a last name from lines; raises `ValidationError` naming the line that cannot be read."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = line.replace("，", " ").replace(",", " ").split(maxsplit=most - 1)
        codes = parts[: min(most, 2)] if most > 2 or fewest == 2 else parts[:1]
        if not fewest <= len(parts) <= most or not all(_is_code(code) for code in codes):
            raise ValidationError(_("This line cannot be read: %(line)s"), params={"line": line})
        found.append(parts)
    return found


def _target(parts: list[str]) -> Target:
    return Target(parts[0], parts[1] if len(parts) > 1 else "")


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) in LEVELS


def _regions(codes: list[str], day: date) -> list[Region]:
    """Return the places that bore the codes on a day."""
    versions = RegionVersion.objects.filter(code__in=codes, valid__contains=day).select_related("region")
    return [version.region for version in versions.order_by("code")]
