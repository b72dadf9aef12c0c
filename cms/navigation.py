"""Which links the frame of every page shows, worked out without a query except the visitor's roles."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.capabilities import Capability
from registry.permissions import capabilities_of

ENGLISH_PREFIX = "/en"
CATALOG_SLUG = "courses"


Candidate = tuple[str | Promise, str | None, str]  # label, address where there is one, icon


@dataclass(frozen=True)
class Link:
    """One entry of a navigation."""

    label: str | Promise
    url: str
    icon: str = ""
    is_current: bool = False


def page_url(*slugs: str) -> str:
    """Return the address of a site page by its slugs, in the language in use."""
    return reverse("wagtail_serve", args=["".join(f"{slug}/" for slug in slugs)])


def main_links(request: HttpRequest) -> list[Link]:
    """Return the links everybody has; a page this installation lacks is left out."""
    candidates: list[Candidate] = [
        (_("Home"), page_url(), "home"),
        (_("Courses"), page_url(CATALOG_SLUG), "courses"),
        (_("My learning"), url_or_none("courses:my_learning"), "learning"),
        (pgettext_lazy("navigation", "Verify"), url_or_none("certificates:verify"), "certificate"),
    ]
    links = _links(request, candidates)
    return [replace(link, is_current=False) for link in links] if _is_work(request) else links


def _is_work(request: HttpRequest) -> bool:
    """Tell whether the page is one of staff's below /learn/: it is nobody's own learning."""
    desks = (url_or_none("courses:classes"), url_or_none("courses:marking"))
    return any(request.path.startswith(desk) for desk in desks if desk)


CLASS_DESK = (
    Capability.ENTER_CLASS_DATA,
    Capability.CHECK_CLASS_ROSTER,
    Capability.APPROVE_CLASS,
    Capability.ENROL_IN_CLASS,
)


def staff_links(request: HttpRequest) -> list[Link]:
    """Return the links of what the visitor may do; the pages behind them check again."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    allowed = capabilities_of(user)
    candidates: list[Candidate] = []
    if Capability.READ_FIGURES in allowed:
        candidates.append((_("County desk"), url_or_none("county:desk"), ""))
    elif Capability.READ_CLASSES in allowed:
        candidates.append((_("Classes"), url_or_none("county:classes"), ""))
    if allowed & set(CLASS_DESK):
        candidates.append((_("Taught classes"), url_or_none("courses:classes"), ""))
    if allowed & {Capability.MARK_WORK, Capability.READ_WORK}:
        candidates.append((_("Marking"), url_or_none("courses:marking"), ""))
    if allowed & {Capability.ASSIST_SIGN_IN, Capability.ISSUE_CARD}:
        candidates.append((_("Help with sign-in"), url_or_none("registry:villagers"), ""))
    if Capability.OPEN_ADMIN in allowed:
        candidates.append((_("Administration"), reverse("wagtailadmin_home"), ""))
    return _links(request, candidates)


def footer_links(request: HttpRequest) -> list[Link]:
    """Return the links at the foot of every page."""
    candidates: list[Candidate] = [
        (_("Help"), page_url("help"), ""),
        (_("Privacy"), page_url("privacy"), ""),
        (_("About us"), page_url("about"), ""),
    ]
    if settings.DEMO:
        candidates.append((_("Text messages of the demo"), url_or_none("registry:outbox"), ""))
    return _links(request, candidates)


def other_language_url(request: HttpRequest) -> str:
    """Return this very address in the other language: with or without the prefix."""
    path = request.get_full_path()
    if not (get_language() or "").startswith("en"):
        return ENGLISH_PREFIX + path
    return path.removeprefix(ENGLISH_PREFIX) or "/"


def _links(request: HttpRequest, candidates: list[Candidate]) -> list[Link]:
    urls = [url for _label, url, _icon in candidates if url and request.path.startswith(url)]
    current = max(urls, key=len, default="")
    home = page_url()
    return [
        Link(label, url, icon, is_current=url == current and (url != home or request.path == home))
        for label, url, icon in candidates
        if url
    ]


def url_or_none(name: str) -> str | None:
    """Return the address of a named page, or None where no app offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
