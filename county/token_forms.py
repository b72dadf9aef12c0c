"""What an office says when it makes a token of the interface."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from county.errors import CountyError
from county.models import ApiToken
from county.services import make_api_token
from registry.models import User
from registry.queries.places import version_by_code

_USUAL = timedelta(days=180)


class TokenForm(forms.Form):
    """Who will use it, what it reads of which region, and until when."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("Which platform uses it, and whom to call there: so that it can be revoked in time."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=_("Region"))
    reads = forms.MultipleChoiceField(
        label=_("What it reads"),
        choices=ApiToken.Reads.choices,
        initial=[ApiToken.Reads.COUNTS, ApiToken.Reads.RETURNS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never reads more than you may read yourself, and ends with your appointment."),
    )
    last_day = forms.DateField(
        label=_("Holds until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Included; a year at most."),
        initial=lambda: timezone.localdate() + _USUAL,
    )

    def __init__(self, *args: Any, regions: list[tuple[str, str]], by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101 - for the type checker
        region.choices = regions

    def save(self, *, request: HttpRequest) -> tuple[ApiToken, str] | None:
        """Make the token; None where it cannot be, which the form then says."""
        cleaned = self.cleaned_data
        try:
            return make_api_token(
                name=cleaned["name"],
                region=version_by_code(cleaned["region"]).region,
                reads=cleaned["reads"],
                last_day=cleaned["last_day"],
                by=self._by,
                request=request,
            )
        except CountyError as refusal:
            self.add_error("last_day", str(refusal))
            return None
