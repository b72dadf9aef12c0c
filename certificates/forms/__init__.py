"""What visitors and the desk type."""

from certificates.forms.public import FileForm, ObjectionForm, ShareForm, VerifyForm

__all__ = ["FileForm", "ObjectionForm", "ShareForm", "VerifyForm"]
