from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """Registers the `courses` app and its ear for what happens to pages and places."""

    name = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to changes of places, and of what a visitor may see; Wagtail unpublishes what it deletes.

        And show the duplicate desk what it would change here, and a change of keys what is sealed.
        """
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from courses.models import LedgerUpload
        from courses.queries.held import stories_about, training_of
        from courses.queries.merging import enrolments_preview
        from courses.receivers import (
            follow_places,
            forget_erased_person,
            forget_kept_lessons,
            take_story_off,
        )
        from courses.services.photos import remove_old_photos
        from registry.held_data import add_part
        from registry.models import RetentionRule
        from registry.queries.merge_preview import SECTIONS
        from registry.services.keys import SEALED_COLUMNS, SealedColumn
        from registry.services.retention import add_cleaner
        from registry.signals import consent_withdrawn, person_erased, regions_changed

        add_part("courses", training_of)
        add_part("stories", stories_about)
        SEALED_COLUMNS.append(SealedColumn(LedgerUpload, "workbook"))
        add_cleaner(RetentionRule.Subject.SIGN_IN_PHOTOS, remove_old_photos)
        consent_withdrawn.connect(take_story_off, dispatch_uid="courses.take_story_off")
        person_erased.connect(forget_erased_person, dispatch_uid="courses.forget_erased_person")

        regions_changed.connect(follow_places, dispatch_uid="courses.follow_places")
        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(forget_kept_lessons, dispatch_uid="courses.forget_kept_lessons")
        for signal in (post_save, post_delete):
            signal.connect(
                forget_kept_lessons, sender=PageViewRestriction, dispatch_uid="courses.forget_kept_lessons"
            )
        SECTIONS.insert(0, enrolments_preview)
