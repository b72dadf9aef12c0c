"""What the Wagtail admin knows of courses: records, videos, and the words of the action log."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.forms import CourseForm, LessonVideoForm
from courses.models import CatalogPage, Course, LessonVideo
from courses.models.pages import PlainlyServedPage


class CourseViewSet(SnippetViewSet):
    """The course records."""

    model = Course
    icon = "clipboard-list"
    list_display = ["code", "name", "name_en", "category", "hours"]
    list_filter = ["category"]
    search_fields = ["code", "name", "name_en"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("code", "name", "name_en", "category", "hours")],
        base_form_class=CourseForm,
    )


class LessonVideoViewSet(SnippetViewSet):
    """The videos, with how far their renditions are."""

    model = LessonVideo
    icon = "media"
    list_display = ["title", "state", "seconds", "error", "created_at"]
    list_filter = ["state"]
    search_fields = ["title"]
    edit_handler = ObjectList(
        [FieldPanel("title"), FieldPanel("original"), FieldPanel("state", read_only=True)],
        base_form_class=LessonVideoForm,
    )


class TeachingGroup(SnippetViewSetGroup):
    """One entry of the menu for both."""

    menu_label = _("Teaching")
    menu_icon = "openquote"
    items = (CourseViewSet, LessonVideoViewSet)


register_snippet(TeachingGroup)


@hooks.register("before_create_page")
def keep_new_page_a_draft(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """An author does not publish her own lesson (A14)."""
    if issubclass(page_class, PlainlyServedPage):
        _save_only(request)


@hooks.register("before_edit_page")
def keep_changes_a_draft(request: HttpRequest, page: Page) -> None:
    """An author does not publish her own changes (A14)."""
    if isinstance(page, PlainlyServedPage):
        _save_only(request)


def _save_only(request: HttpRequest) -> None:
    """Turn "publish" into "save": whoever presses it in the editor is an author; nothing written is lost."""
    if "action-publish" not in request.POST or request.user.is_superuser:
        return
    sent = request.POST.copy()
    del sent["action-publish"]
    request.POST = sent  # type: ignore[assignment]
    messages.warning(
        request, _("Your draft is saved. Somebody else has to approve it: send it to the approval.")
    )


@hooks.register("construct_page_action_menu")
def offer_the_approval(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Offer no publishing where only an approval publishes."""
    page = context.get("page") or context["parent_page"].specific
    if isinstance(page, (CatalogPage, PlainlyServedPage)) and not request.user.is_superuser:
        items[:] = [item for item in items if item.name != "action-publish"]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the actions our services write into the log."""
    actions.register_action("courses.close_class", _("Close class"), _("Class closed"))
    actions.register_action("courses.work_marked", _("Mark work"), _("Work marked"))
    actions.register_action("courses.work_returned", _("Return work"), _("Work returned for another try"))
