"""What the office says about two records, and why it undoes a merge."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.models import DuplicateDecision, Person, PersonMerge, User
from registry.services import decide_pair, merge_people, unmerge_people

SAME = "same"


class DecisionForm(forms.Form):
    """One of three verdicts; for "the same" also which record stands for her, and why."""

    verdict = forms.ChoiceField(choices=[(SAME, _("the same")), *DuplicateDecision.Verdict.choices])
    kept = forms.ChoiceField(label=_("Which record stands for her"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, first: Person, second: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = {str(first.uid): (first, second), str(second.uid): (second, first)}
        field = self.fields["kept"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(first.uid), _("Record A")), (str(second.uid), _("Record B"))]

    def clean(self) -> dict[str, Any]:
        """A merge needs to know who stands for both."""
        answers = super().clean() or self.cleaned_data
        if answers.get("verdict") == SAME and not answers.get("kept"):
            self.add_error("kept", _("Please choose the record that stands for her."))
        return answers

    def save(self, *, by: User, request: HttpRequest) -> None:
        """Carry the decision out. Raises the `Merge...` errors of errors.py."""
        verdict = self.cleaned_data["verdict"]
        if verdict == SAME:
            kept, absorbed = self.pair[self.cleaned_data["kept"]]
            reason = self.cleaned_data["reason"]
            merge_people(kept=kept, absorbed=absorbed, by=by, reason=reason, request=request)
        else:
            first, second = next(iter(self.pair.values()))
            decide_pair(first=first, second=second, verdict=verdict, by=by, request=request)


class UndoForm(forms.Form):
    """Why a merge was wrong."""

    reason = forms.CharField(label=_("Why it was wrong"), max_length=200, required=False)

    def save(self, *, merge: PersonMerge, by: User, request: HttpRequest) -> None:
        """Undo the merge. Raises the `Merge...` errors of errors.py."""
        unmerge_people(merge=merge, by=by, reason=self.cleaned_data["reason"], request=request)
