"""The office's upload of an old ledger."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from registry.models import RegionVersion, User
from registry.queries.rosters import counties_of_office
from registry.zip_bombs import unpacks_safely

_MAX_BYTES = 2 * 1024 * 1024


class _CountyField(forms.ModelChoiceField):
    def label_from_instance(self, version: RegionVersion) -> str:
        return version.name


class LedgerForm(forms.Form):
    """The workbook and the county whose classes it holds; only counties of `user`'s office."""

    county = _CountyField(label=_("County"), queryset=RegionVersion.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Workbook of the ledger (Excel)"),
        help_text=_("At most 2 MB and 5,000 rows: one year at a time, say."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        assert isinstance(field, _CountyField)  # noqa: S101 - for the type checker
        field.queryset = counties_of_office(user)

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than a request can work off, or unpacks to far more than it is."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > _MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        if file.read(4) == b"PK\x03\x04" and not unpacks_safely(file):
            raise forms.ValidationError(_("This workbook is damaged, or far larger than any list."))
        file.seek(0)
        return file
