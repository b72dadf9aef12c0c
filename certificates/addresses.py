"""The public addresses that are printed on paper: without a language, on the site's own host."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from certificates.signatures import check_text


def verify_page() -> str:
    """Return the address people type."""
    return _absolute(reverse_in_chinese("certificates:verify"))


def verify_address(number: str, version: int) -> str:
    """Return the address in the QR code of one version of a certificate."""
    path = reverse_in_chinese("certificates:verify_code", args=[number])
    return f"{_absolute(path)}?{urlencode({'k': check_text(number, version)})}"


def reverse_in_chinese(name: str, args: list[str] | None = None) -> str:
    """Return a path without a language prefix, whatever language is in use."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, args=args)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
