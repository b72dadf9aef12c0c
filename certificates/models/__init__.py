"""The tables, by noun."""

from certificates.models.certificate import Certificate, pdf_path
from certificates.models.design import CertificateDesign, CertificateTemplate, PaperKind
from certificates.models.keys import PublishedKey
from certificates.models.notice import HolderNotice
from certificates.models.revocation import Revocation
from certificates.models.runs import Bundle, IssueRefusal, IssueRun
from certificates.models.share import CertificateShare

__all__ = [
    "Bundle",
    "Certificate",
    "CertificateDesign",
    "CertificateShare",
    "CertificateTemplate",
    "HolderNotice",
    "IssueRefusal",
    "IssueRun",
    "PaperKind",
    "PublishedKey",
    "Revocation",
    "pdf_path",
]
