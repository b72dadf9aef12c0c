"""What every list an office uploads is asked for: its county, and a file of a sensible size."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import RegionVersion, User
from registry.queries.rosters import counties_of_office
from registry.zip_bombs import unpacks_safely

_MEGABYTE = 1024 * 1024
_ZIP = b"PK\x03\x04"  # how a workbook begins


class _CountyField(forms.ModelChoiceField):
    def label_from_instance(self, version: RegionVersion) -> str:
        return version.name


class OfficeUploadForm(forms.Form):
    """A county of `user`'s office and a file; a form that derives from it says what file, and how large."""

    max_megabytes: ClassVar[int]

    county = _CountyField(
        label=gettext_lazy("County"), queryset=RegionVersion.objects.none(), empty_label=None
    )
    file = forms.FileField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        field = self.fields["county"]
        assert isinstance(field, _CountyField)  # noqa: S101 - for the type checker
        field.queryset = counties_of_office(user)

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than such a list, or unpacks to far more than it is."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > self.max_megabytes * _MEGABYTE:
            raise forms.ValidationError(
                _("The file is larger than {size} MB.").format(size=self.max_megabytes)
            )
        if file.read(4) == _ZIP and not unpacks_safely(file):
            raise forms.ValidationError(_("This workbook is damaged, or far larger than any list."))
        file.seek(0)
        return file
