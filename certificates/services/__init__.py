"""The verbs, by noun."""

from certificates.services.bundles import make_bundle, order_bundle, register_of, take_out
from certificates.services.designs import approve_template, design_in_force, save_template
from certificates.services.issuing import issue_certificate, issue_on_completion, queue_issue
from certificates.services.keys import init_signing
from certificates.services.notices import tell_holders
from certificates.services.printing import print_certificates, render_again, render_certificate
from certificates.services.reissuing import reissue_certificate
from certificates.services.revoking import (
    answer_objection,
    decide_revocation,
    object_to_revocation,
    propose_annulment,
    propose_revocation,
)
from certificates.services.runs import cancel_run, issue_to_class, order_certificates
from certificates.services.sharing import end_sharing, end_sharing_of, share_certificate
from certificates.services.sweeping import sweep

__all__ = [
    "answer_objection",
    "approve_template",
    "cancel_run",
    "decide_revocation",
    "design_in_force",
    "end_sharing",
    "end_sharing_of",
    "init_signing",
    "issue_certificate",
    "issue_on_completion",
    "issue_to_class",
    "make_bundle",
    "object_to_revocation",
    "order_bundle",
    "order_certificates",
    "print_certificates",
    "propose_annulment",
    "propose_revocation",
    "queue_issue",
    "register_of",
    "reissue_certificate",
    "render_again",
    "render_certificate",
    "save_template",
    "share_certificate",
    "sweep",
    "take_out",
    "tell_holders",
]
