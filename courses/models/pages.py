"""What instructors write: the catalogue, a page a course and a page a lesson, in every language.

Course and lesson pages are shown by the plain views of this app (they are several times cheaper than
Wagtail's page routing, see `views/lessons.py`); Wagtail's own address of a page leads there.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision
from wagtail.search import index

from courses import lesson_html, lesson_parts
from courses.blocks import LESSON_BLOCKS
from courses.models.approval import may_publish
from courses.models.course import Course
from registry.models import User

# Words that mean something else in the address /learn/<course>/<lesson>/.
RESERVED_SLUGS = {"marking", "work", "enrol"}


class PlainlyServedPage(Page):
    """A page shown by a plain view of this app."""

    # What the demo's loader made of it last; see `demo/loading.py`.
    source_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def plain_path(self) -> str:
        """Return the path of the view that shows the page, in the language in use."""
        raise NotImplementedError

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Let every link Wagtail makes lead to the plain view."""
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None:
            return parts
        with override(self.locale.language_code):
            return parts[0], parts[1], self.plain_path()

    def publish(self, revision: Revision, user: User | None = None, **kwargs: Any) -> None:
        """Publish, unless `user` wrote what is to be published: somebody else approves it."""
        if not may_publish(self, user):
            raise PermissionDenied
        super().publish(revision, user=user, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a visitor of the page's place in Wagtail's tree to the plain view."""
        return redirect(self.get_url(request))

    def clean(self) -> None:
        """Refuse a slug that would hide another address."""
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This word is taken. Choose another one.")})


class CatalogPage(Page):
    """Lists the courses of its language."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1
    template = "courses/catalog_page.html"

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the published courses, in the order of the tree."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["course_pages"] = (
            CoursePage.objects.child_of(self)
            .live()
            .public()
            .select_related("course", "cover")
            .annotate(lesson_count=lessons_below())
            .order_by("path")
        )
        return context


def lessons_below() -> models.Func:
    """Return an expression: how many published lessons a course page has."""
    below = (
        LessonPage.objects.filter(live=True, path__startswith=models.OuterRef("path"))
        .order_by()
        .values("live")
        .annotate(count=models.Count("pk"))
        .values("count")
    )
    return models.functions.Coalesce(models.Subquery(below), 0)


class CoursePage(PlainlyServedPage):
    """One course in one language."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="pages", verbose_name=_("course"))
    summary = models.CharField(_("summary"), max_length=300)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    outcomes = RichTextField(_("what you will be able to do"), features=["ul", "ol", "bold"], blank=True)
    cover = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("cover picture"),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("course"),
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("outcomes"),
        FieldPanel("cover"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    parent_page_types = ["courses.CatalogPage"]
    subpage_types = ["courses.LessonPage"]
    template = "courses/course_page.html"

    class Meta:
        verbose_name = _("course page")
        verbose_name_plural = _("course pages")

    def plain_path(self) -> str:
        """Return the path of the view that shows the course."""
        return reverse("courses:course", args=[self.slug])


class LessonPage(PlainlyServedPage):
    """One lesson in one language; its `translation_key` is the lesson's identity everywhere."""

    summary = models.CharField(_("summary"), max_length=300)
    hours = models.DecimalField(
        _("class hours"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(40)],
        default=1,
        help_text=_("45 minutes each (R1). At most 8 count a day."),
    )
    body = StreamField(
        LESSON_BLOCKS, verbose_name=_("content"), blank=True, block_counts={"quiz": {"max_num": 1}}
    )

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("hours"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @property
    def quiz(self) -> lesson_parts.Quiz | None:
        """The quiz whose passing completes the lesson."""
        return lesson_parts.quiz_of(self.body.raw_data)

    @property
    def tasks(self) -> list[lesson_parts.Task]:
        """The practical tasks of the lesson."""
        return lesson_parts.tasks_of(self.body.raw_data)

    @property
    def course_slug(self) -> str:
        """The slug of the course page above, without asking the database."""
        return self.url_path.rstrip("/").split("/")[-2]

    def plain_path(self) -> str:
        """Return the path of the view that shows the lesson."""
        return reverse("courses:lesson", args=[self.course_slug, self.slug])

    def clean(self) -> None:
        """Refuse two tasks with the same key: their marks would be mixed up."""
        super().clean()
        keys = [task.key for task in self.tasks]
        if len(set(keys)) != len(keys):
            raise ValidationError({"body": _("Two tasks have the same key.")})

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show a draft as a trainee will see it; nothing can be sent from a preview."""
        context = {"page": self, "parts": lesson_html.parts_of(self.body), "is_preview": True}
        return TemplateResponse(request, self.template, context)
