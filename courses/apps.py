from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """Registers the `courses` app and its ear for what happens to pages."""

    name = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to everything that changes what a visitor may see; Wagtail unpublishes what it deletes."""
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from courses.queries.held import training_of
        from courses.receivers import forget_erased_person, forget_kept_lessons
        from registry.held_data import add_part
        from registry.signals import person_erased

        add_part("courses", training_of)
        person_erased.connect(forget_erased_person, dispatch_uid="courses.forget_erased_person")

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(forget_kept_lessons, dispatch_uid="courses.forget_kept_lessons")
        for signal in (post_save, post_delete):
            signal.connect(
                forget_kept_lessons, sender=PageViewRestriction, dispatch_uid="courses.forget_kept_lessons"
            )
