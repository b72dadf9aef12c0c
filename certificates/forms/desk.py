"""What clerk and office type at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.models import Bundle, Certificate, PaperKind
from certificates.services.reissuing import REISSUE_REASONS
from certificates.services.revoking import REVOCATION_REASONS


def _labels(reasons: tuple[Certificate.Reason, ...]) -> list[tuple[str, str]]:
    return [(reason.value, str(reason.label)) for reason in reasons]


class OrderForm(forms.Form):
    """Which paper, and for whom of the class."""

    kind = forms.ChoiceField(choices=PaperKind)
    people = forms.TypedMultipleChoiceField(coerce=int, choices=[])

    def __init__(self, *args: object, enrolment_ids: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - made above
        field.choices = [(pk, pk) for pk in enrolment_ids]


class BundleForm(forms.Form):
    """Which file to make of a class's papers."""

    kind = forms.ChoiceField(choices=PaperKind)
    form = forms.ChoiceField(choices=Bundle.Form)


class PaperSearchForm(forms.Form):
    """A number, or the whole name."""

    q = forms.CharField(label=_("Number or name"), max_length=100, required=False)


class ReissueForm(forms.Form):
    """Why a paper is issued anew."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=lambda: _labels(REISSUE_REASONS), widget=forms.RadioSelect
    )


class RevokeForm(forms.Form):
    """Why a paper shall no longer hold: the holder reads it."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=lambda: _labels(REVOCATION_REASONS), widget=forms.RadioSelect
    )
    explanation = forms.CharField(
        label=_("What was found"),
        help_text=_("The holder reads this. Name no other person."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnnulForm(forms.Form):
    """Why all papers of a class shall no longer hold."""

    explanation = RevokeForm.base_fields["explanation"]


class AnswerForm(forms.Form):
    """The answer to an objection."""

    answer = forms.CharField(
        label=_("Answer to the holder"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
