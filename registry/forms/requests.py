"""What she asks about her own data, and what the office answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.errors import RegistryError, RequestEmpty
from registry.models import Person, PrivacyRequest, User
from registry.services import grant_request, make_request, refuse_request


class RequestForm(forms.Form):
    """One request of a kind that is chosen before."""

    kind = forms.ChoiceField(choices=PrivacyRequest.Kind, widget=forms.HiddenInput)
    field = forms.ChoiceField(
        label=_("What is wrong?"), choices=PrivacyRequest.Field, widget=forms.RadioSelect, required=False
    )
    wish = forms.CharField(label=_("What should it be?"), max_length=300, required=False)
    is_sure = forms.BooleanField(
        label=_("Yes, delete my login. I know that it cannot be brought back."), required=False
    )

    def __init__(self, data: Any = None, *, kind: str) -> None:
        super().__init__(data, initial={"kind": kind})
        if kind != PrivacyRequest.Kind.CORRECTION:
            del self.fields["field"], self.fields["wish"]
        if kind != PrivacyRequest.Kind.DELETION:
            del self.fields["is_sure"]
        for field in self.fields.values():
            field.required = True

    def clean_wish(self) -> str:
        """Refuse a correction that does not say what."""
        wish: str = self.cleaned_data["wish"].strip()
        if not wish:
            raise forms.ValidationError(str(RequestEmpty()))
        return wish

    def save(self, *, person: Person, by: User, **kwargs: Any) -> PrivacyRequest:
        """Keep the request."""
        answers = self.cleaned_data
        return make_request(
            person=person,
            by=by,
            kind=answers["kind"],
            field=answers.get("field", ""),
            wish=answers.get("wish", ""),
            **kwargs,
        )


class DecisionForm(forms.Form):
    """What the office does about it; a village is given by its code."""

    value = forms.CharField(label=_("What is written"), max_length=100, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("She reads it. Needed for a refusal."),
    )

    def __init__(self, data: Any = None, *, privacy_request: PrivacyRequest) -> None:
        super().__init__(data, initial={"value": privacy_request.wish})
        self._request = privacy_request
        if not privacy_request.field or privacy_request.field == PrivacyRequest.Field.OTHER:
            del self.fields["value"]
        elif privacy_request.field == PrivacyRequest.Field.VILLAGE:
            self.fields["value"].help_text = _("The code of the village, twelve digits.")

    def decide(self, *, is_granted: bool, by: User, **kwargs: Any) -> bool:
        """Grant or refuse; False when it cannot be, with the reason at its field."""
        answers = self.cleaned_data
        given = {"privacy_request": self._request, "by": by, "reason": answers["reason"], **kwargs}
        try:
            if is_granted:
                grant_request(value=answers.get("value", ""), **given)
            else:
                refuse_request(**given)
        except RegistryError as refusal:
            self.add_error("value" if is_granted and "value" in self.fields else "reason", str(refusal))
            return False
        return True


class ProofForm(forms.Form):
    """The six digits from the message, once more."""

    code = forms.CharField(
        label=_("The 6 digits from the message"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
