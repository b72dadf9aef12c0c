"""What the Wagtail admin knows of courses: records, videos, and the words of the action log."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.forms import CourseForm, LessonVideoForm
from courses.models import Course, LessonVideo


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


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the actions our services write into the log."""
    actions.register_action("courses.close_class", _("Close class"), _("Class closed"))
    actions.register_action("courses.work_marked", _("Mark work"), _("Work marked"))
    actions.register_action("courses.work_returned", _("Return work"), _("Work returned for another try"))
