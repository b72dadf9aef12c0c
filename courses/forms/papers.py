"""Forms of a class's ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.errors import PaperUnreadable
from courses.models import ClassPaper
from courses.office_files import CheckedPaper, check_paper


class PaperForm(forms.Form):
    """A paper for the ledger."""

    kind = forms.ChoiceField(label=_("Paper"), choices=ClassPaper.Kind)
    title = forms.CharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, photo, Word, Excel or PowerPoint, at most 20 MB."),
    )

    def clean_file(self) -> CheckedPaper:
        """Judge the file by its content."""
        try:
            return check_paper(self.cleaned_data["file"])
        except PaperUnreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
