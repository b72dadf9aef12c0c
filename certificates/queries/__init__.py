"""Reads over certificates, by noun; nothing here writes."""

from certificates.queries.certificates import (
    PrintedFacts,
    certificate_by_number,
    certificate_for_code,
    certificate_for_name,
    certificates_of,
    certificates_preview,
    printed_facts,
    printed_in,
    unissued_enrolments,
    unprinted_certificates,
    versions_of,
)
from certificates.queries.checks import check_code, check_file, published, revocation_list
from certificates.queries.eligibility import earned_in, holders_of

__all__ = [
    "PrintedFacts",
    "certificate_by_number",
    "certificate_for_code",
    "certificate_for_name",
    "certificates_of",
    "certificates_preview",
    "check_code",
    "check_file",
    "earned_in",
    "holders_of",
    "printed_facts",
    "printed_in",
    "published",
    "revocation_list",
    "unissued_enrolments",
    "unprinted_certificates",
    "versions_of",
]
