"""The office's upload of a registry export."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import RegionVersion, RosterImport, User
from registry.queries.rosters import counties_of_office
from registry.services import upload_roster
from registry.zip_bombs import unpacks_safely

_MAX_BYTES = 30 * 1024 * 1024


class _CountyField(forms.ModelChoiceField):
    def label_from_instance(self, version: RegionVersion) -> str:
        return version.name


class RosterUploadForm(forms.Form):
    """File, county and cut-off date; only counties of `user`'s office may be chosen."""

    file = forms.FileField(
        label=_("List from the registry (Excel or CSV)"),
        help_text=_("The member export with its 26 columns. Columns we may not keep are left out."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    county = _CountyField(label=_("County"), queryset=RegionVersion.objects.none(), empty_label=None)
    as_of = forms.DateField(
        label=_("Cut-off date"),
        help_text=_("The day the list describes, printed on the export."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        field = self.fields["county"]
        assert isinstance(field, _CountyField)  # noqa: S101 - for the type checker
        field.queryset = counties_of_office(user)

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than a county's list."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > _MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 30 MB."))
        if file.read(4) == b"PK\x03\x04" and not unpacks_safely(file):
            raise forms.ValidationError(_("This workbook is damaged, or far larger than any list."))
        file.seek(0)
        return file

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
