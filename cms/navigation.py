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


C = Capability
CLASS_DESK = (C.ENTER_CLASS_DATA, C.CHECK_CLASS_ROSTER, C.APPROVE_CLASS, C.ENROL_IN_CLASS)
# What opens which page, in the order of the links; any of the rights will do.
_STAFF_PAGES: list[tuple[set[Capability], str | Promise, str]] = [
    ({C.READ_FIGURES}, _("County desk"), "county:desk"),
    ({C.READ_CLASSES}, _("Classes"), "county:classes"),
    (set(CLASS_DESK), _("Taught classes"), "courses:classes"),
    ({C.MARK_WORK, C.READ_WORK}, _("Marking"), "courses:marking"),
    ({C.FOLLOW_UP, C.VERIFY_OUTCOME}, _("Follow-up"), "courses:follow_up"),
    ({C.MARK_WORK}, _("Rehearsals"), "livestream:reviews"),
    ({C.MARK_WORK, C.ASSIST_SIGN_IN}, _("Live classes"), "livestream:live_classes"),
    ({C.ASSIST_SIGN_IN, C.ISSUE_CARD}, _("Help with sign-in"), "registry:villagers"),
    ({C.OPEN_ADMIN}, _("Administration"), "wagtailadmin_home"),
]


def staff_links(request: HttpRequest) -> list[Link]:
    """Return the links of what the visitor may do; the pages behind them check again."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    allowed = capabilities_of(user)
    pages = [(label, name) for rights, label, name in _STAFF_PAGES if allowed & rights]
    if C.READ_FIGURES in allowed:  # the county's classes are reached from its desk
        pages = [(label, name) for label, name in pages if name != "county:classes"]
    return _links(request, [(label, url_or_none(name), "") for label, name in pages])


def footer_links(request: HttpRequest) -> list[Link]:
    """Return the links at the foot of every page."""
    candidates: list[Candidate] = [
        (_("Stories"), url_or_none("cms:stories"), ""),
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
