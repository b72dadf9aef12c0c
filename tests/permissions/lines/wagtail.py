"""Wagtail's own addresses, and our models in its snippets."""

from tests.permissions.words import PUBLIC, SUPERUSER

# Wagtail's own addresses by what they begin with, the longest beginning holds. `EDITORS` write or approve
# lessons, which all counties share; what a role may do to a page there is Wagtail's affair (test_wagtail.py).
EDITORS = "author_lessons approve_lessons"
WAGTAIL = {
    "": PUBLIC,  # pages of the site, and Wagtail's sign-in for protected pages
    "documents/": PUBLIC,  # lessons' files
    "admin/": "open_admin",
    "admin/login/": PUBLIC,
    "admin/logout/": PUBLIC,
    "admin/jsi18n/": PUBLIC,
    "admin/sprite/": PUBLIC,
    "admin/password_reset/": PUBLIC,  # switched off: WAGTAIL_PASSWORD_RESET_ENABLED
    "admin/pages/": EDITORS,
    # These ask before acting and refuse to act; they name a page at most.
    "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/": "open_admin",
    "admin/pages/workflow/confirm_cancellation/": "open_admin",
    "admin/pages/<int:page_id>/revisions/": "open_admin",
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/": EDITORS,
    "admin/bulk/": EDITORS,
    "admin/reports/": EDITORS,
    "admin/images/": EDITORS,
    "admin/documents/": EDITORS,
    "admin/snippets/": EDITORS,
    # Choosing from what is shared, and the log of pages, need no more than the admin.
    "admin/snippets/choose/": "open_admin",
    "admin/images/chooser/": "open_admin",
    "admin/documents/chooser/": "open_admin",
    "admin/reports/site-history/": "open_admin",
    "admin/translation/": SUPERUSER,
    "admin/collections/": SUPERUSER,
    "admin/workflows/": SUPERUSER,
    "admin/redirects/": SUPERUSER,
    "admin/settings/": SUPERUSER,
    "admin/workflows/task_chooser/": "open_admin",  # names of approval steps
    "admin/forms/": "open_admin",  # we have no form pages
    "admin/forms/submissions/": SUPERUSER,
    "admin/locales/": SUPERUSER,
    "admin/sites/": SUPERUSER,
    "admin/users/": SUPERUSER,
    "admin/groups/": SUPERUSER,
}
# Our models in Wagtail's snippets: a new one needs a line.
SNIPPETS = ("courses/course", "courses/lessonvideo")
