"""The frame of every page: navigation and the language switch."""

from collections.abc import Callable

from django import template
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.context import Context
from wagtail.models import Page

from cms import navigation, queries
from courses.models import CoursePage

register = template.Library()


@register.simple_tag(takes_context=True)
def main_navigation(context: Context) -> list[navigation.Link]:
    """Return the links everybody has."""
    return _ask(context, navigation.main_links)


@register.simple_tag(takes_context=True)
def staff_navigation(context: Context) -> list[navigation.Link]:
    """Return the links of the visitor's roles, asked once a request."""
    return _ask(context, navigation.staff_links)


@register.simple_tag(takes_context=True)
def footer_navigation(context: Context) -> list[navigation.Link]:
    """Return the links at the foot of the page."""
    return _ask(context, navigation.footer_links)


@register.simple_tag(takes_context=True)
def other_language_url(context: Context) -> str:
    """Return the address of this page in the other language."""
    request: HttpRequest = context["request"]
    return navigation.other_language_url(request)


@register.simple_tag
def site_page(*slugs: str) -> str:
    """Return the address of a site page by its slugs, in the language in use."""
    return navigation.page_url(*slugs)


@register.simple_tag
def live_course_pages(page: Page) -> QuerySet[CoursePage]:
    """Return the published course pages in the language of `page`."""
    return queries.live_course_pages(page.locale)


@register.simple_tag
def named_page(name: str) -> str:
    """Return the address of a named page, or an empty text where this installation lacks it."""
    return navigation.url_or_none(name) or ""


def _ask(context: Context, question: Callable[[HttpRequest], list[navigation.Link]]) -> list[navigation.Link]:
    request = context.get("request")
    return question(request) if request else []
