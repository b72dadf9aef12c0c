"""The site's addresses and a bare Wagtail page with three queries, the yardstick for our own pages."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from wagtail.models import Site

from config.urls import urlpatterns as site_urlpatterns

_TEMPLATE = """<!doctype html>
<html lang="zh-hans">
  <head><meta charset="utf-8"><title>{{ page.title }}</title></head>
  <body>
    <main>
      <h1>{{ page.title }}</h1>
      <ul>{% for child in children %}<li>{{ child.title }}</li>{% endfor %}</ul>
    </main>
  </body>
</html>"""


def bare_page(request: HttpRequest) -> HttpResponse:
    """Route to the home page as Wagtail does and show it with its children: three queries."""
    site = Site.find_for_request(request)
    page, _arguments, _keywords = site.root_page.specific.route(request, [])
    context = {"page": page, "children": page.get_children().live()}
    return HttpResponse(_template().render(context, request))


@cache  # as Django's loader keeps the templates of real pages
def _template() -> Any:
    return engines["django"].from_string(_TEMPLATE)


urlpatterns = [path("bench/bare/", bare_page), *site_urlpatterns]
