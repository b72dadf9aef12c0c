"""The step of the lesson workflow: somebody approves who has not written it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState

from registry.models import User


class ApprovalByAnother(AbstractGroupApprovalTask):
    """As Wagtail's approval by a group, but never by an author of what is to be published (A14)."""

    class Meta:
        verbose_name = _("approval by another")
        verbose_name_plural = _("approvals by another")

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, Any, bool]]:
        """Leave out approving for an author; she may still ask for changes."""
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if is_author_of_changes(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        """Refuse an author's approval however it was sent."""
        page = task_state.workflow_state.content_object
        if action_name == "approve" and is_author_of_changes(page, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)


def may_publish(page: Page, user: User | None) -> bool:
    """Tell whether `user` may publish the page as it stands: the site itself, superusers, and non-authors."""
    return user is None or user.is_superuser or not is_author_of_changes(page, user)


def is_author_of_changes(page: Page, user: User) -> bool:
    """Tell whether `user` wrote any of the revisions since the page was last published."""
    revisions = Revision.objects.for_instance(page).filter(user=user)
    if page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    return revisions.exists()
