"""The public addresses that are printed on paper: without a language, on the site's own host."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from certificates.signatures import check_text


def verify_page() -> str:
    """Return the address people type."""
    return absolute(reverse_in_chinese("certificates:verify"))


def verify_address(number: str, version: int) -> str:
    """Return the check page's address of one version of a certificate."""
    path = reverse_in_chinese("certificates:verify_code", args=[number])
    return f"{absolute(path)}?{urlencode({'k': check_text(number, version)})}"


def code_address(number: str, version: int, code: str) -> str:
    """Return what the QR code holds: the check page's address, and the payload that needs no network."""
    return f"{verify_address(number, version)}#{code}"


def share_address(token: str) -> str:
    """Return the address by which a holder shows her certificate."""
    return absolute(reverse_in_chinese("certificates:shared", args=[token]))


def achievement_address(course_code: str) -> str:
    """Return the address of what the badges of a course stand for."""
    return absolute(reverse_in_chinese("certificates:achievement", args=[course_code]))


def status_address(number: int) -> str:
    """Return the address of one status list of the badges."""
    return absolute(reverse_in_chinese("certificates:status_list", args=[number]))


def reverse_in_chinese(name: str, args: list[str] | list[int] | None = None) -> str:
    """Return a path without a language prefix, whatever language is in use."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, args=args)


def absolute(path: str) -> str:
    """Return the whole address of a path."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
