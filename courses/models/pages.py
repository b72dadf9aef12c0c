"""What instructors write: the catalogue, a page a course and a page a lesson, in every language."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from courses.blocks import LESSON_BLOCKS
from courses.models.course import Course


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


class CoursePage(Page):
    """One course in one language."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="pages")
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


class LessonPage(Page):
    """One lesson in one language; its `translation_key` is the lesson's identity everywhere."""

    summary = models.CharField(_("summary"), max_length=300)
    hours = models.DecimalField(
        _("class hours"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0)], default=1
    )
    body = StreamField(LESSON_BLOCKS, verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("hours"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
