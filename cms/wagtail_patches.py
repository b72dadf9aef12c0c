"""Wagtail 8.0 without inline scripts, so that the admin keeps the strict content security policy too.

Four widgets end in `<script>start(id, options)</script>`, and two panels (overridden below
templates/wagtailadmin/panels/). Here they say in attributes what is to be started, and
static/cms/js/admin-init.js starts it. Wagtail works on the same (its issue 1288); once a release renders
no inline script, this module, the module in JavaScript and the two templates go.
"""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser

_STARTERS = {
    AdminDateInput: ("initDateChooser", "django/forms/widgets/date.html"),
    AdminTimeInput: ("initTimeChooser", "django/forms/widgets/time.html"),
    AdminDateTimeInput: ("initDateTimeChooser", "django/forms/widgets/datetime.html"),
}


def apply() -> None:
    """Replace what renders inline scripts. Called once, when all apps are there."""
    for widget, (starter, template) in _STARTERS.items():
        widget.template_name = template
        widget.get_context = _with_starter(widget.get_context, starter)
    BaseChooser.render = _render_chooser


def _with_starter(get_context: Any, starter: str) -> Any:
    def wrapped(self: Any, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = get_context(self, name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-admin-init": starter,
            "data-options": context["widget"]["config_json"],
        }
        return context

    return wrapped


def _render_chooser(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """As BaseChooser.render, with a template element in place of the script."""
    id_ = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    is_task = isinstance(self, AdminTaskChooser)
    return format_html(
        '{}<template data-admin-init="{}" data-for="{}" data-options="{}"></template>',
        self.render_html(name, value_data, attrs),
        "createTaskChooser" if is_task else self.js_constructor,
        id_,
        "" if is_task else json.dumps(self.get_js_init_options(id_, name, value_data)),
    )
