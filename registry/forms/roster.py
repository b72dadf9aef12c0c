"""The office's upload of a registry export."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.forms.office_upload import OfficeUploadForm
from registry.models import RosterImport
from registry.services import upload_roster


class RosterUploadForm(OfficeUploadForm):
    """File, county and cut-off date."""

    max_megabytes = 30  # larger than any county's list

    file = forms.FileField(
        label=_("List from the registry (Excel or CSV)"),
        help_text=_("The member export with its 26 columns. Columns we may not keep are left out."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    as_of = forms.DateField(
        label=_("Cut-off date"),
        help_text=_("The day the list describes, printed on the export."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("file", "county", "as_of")

    def clean_as_of(self) -> date:
        """A list cannot describe a day to come."""
        as_of: date = self.cleaned_data["as_of"]
        if as_of > timezone.localdate():
            raise forms.ValidationError(_("The cut-off date lies in the future."))
        return as_of

    def save(self) -> RosterImport:
        """Keep the file and have it checked; raises `RosterUnreadable` for what is no list of people."""
        file = self.cleaned_data["file"]
        return upload_roster(
            file=file,
            file_name=file.name,
            county=self.cleaned_data["county"].region,
            as_of=self.cleaned_data["as_of"],
            by=self._user,
        )
