"""The office's upload of an old ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.office_upload import OfficeUploadForm


class LedgerForm(OfficeUploadForm):
    """The workbook and the county whose classes it holds."""

    max_megabytes = 2  # what a request can work off

    file = forms.FileField(
        label=_("Workbook of the ledger (Excel)"),
        help_text=_("At most 2 MB and 5,000 rows: one year at a time, say."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
    )
    field_order = ("county", "file")
