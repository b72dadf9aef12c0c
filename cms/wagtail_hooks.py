"""What the public site adds to Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_js")
def start_widgets_without_inline_scripts() -> str:
    """Load what starts the widgets that `wagtail_patches` keeps from starting themselves."""
    return format_html('<script src="{}"></script>', static("cms/js/admin-init.js"))


@hooks.register("insert_global_admin_css")
def style_the_editor_without_inline_styles() -> str:
    """Load what the editor of texts would put into style elements, which the policy forbids."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/css/admin.css"))
