"""Why nothing of a kind may be removed for now."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    """The reason, such as an inspection; it stays in the rule until it goes on."""

    reason = forms.CharField(label=_("Why it has to stay"), max_length=300)
