"""The frame of every page: navigation and the language switch."""

from django import template
from django.http import HttpRequest
from django.template.context import Context

from cms import navigation

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


def _ask(context: Context, question) -> list[navigation.Link]:  # type: ignore[no-untyped-def]
    request = context.get("request")
    return question(request) if request else []
