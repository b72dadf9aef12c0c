"""Who may write and who may publish below a catalogue."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from courses.models import ApprovalByAnother, CatalogPage

# The groups `registry.services.appoint` puts instructors and officers into.
WRITERS = "Instructors"
APPROVERS = "County office"
# Wagtail shows the stored name on the button of every editor, whatever her language: it says both.
WORKFLOW = "课程审核 Course approval"


@transaction.atomic
def open_catalog(catalog: CatalogPage) -> None:
    """Let instructors write below `catalog`, and the office approve it. Repeats change nothing."""
    writers = _group(WRITERS)
    approvers = _group(APPROVERS)
    for group, permissions in ((writers, ("add", "change")), (approvers, ("add", "change", "publish"))):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(
                group=group,
                page=catalog,
                permission=Permission.objects.get(
                    content_type__app_label="wagtailcore", codename=f"{permission}_page"
                ),
            )
    WorkflowPage.objects.get_or_create(page=catalog, defaults={"workflow": _workflow(approvers)})


def _group(name: str) -> Group:
    """Return the group, able to open the admin, to keep pictures and files, and to upload videos."""
    group, _is_new = Group.objects.get_or_create(name=name)
    on_courses = "view_course" if name == WRITERS else "add_course change_course view_course"
    on_videos = "add_lessonvideo change_lessonvideo view_lessonvideo"
    wanted = Permission.objects.filter(
        Q(content_type__app_label="wagtailadmin", codename="access_admin")
        | Q(content_type__app_label="courses", codename__in=f"{on_courses} {on_videos}".split())
    ).exclude(group=group)
    if missing := list(wanted):
        group.permissions.add(*missing)
    root = Collection.get_first_root_node()
    for model in (get_image_model(), get_document_model()):
        label, name_of_model = model._meta.app_label, model._meta.model_name
        for verb in ("add", "change", "choose"):
            permission = Permission.objects.filter(
                content_type__app_label=label, codename=f"{verb}_{name_of_model}"
            ).first()
            if permission:
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=root, permission=permission
                )
    return group


def _workflow(approvers: Group) -> Workflow:
    """Return the workflow, its one step an approval by another; a step of Wagtail's own kind is replaced."""
    workflow, _is_new = Workflow.objects.get_or_create(name=WORKFLOW)
    if not ApprovalByAnother.objects.filter(workflow_tasks__workflow=workflow, active=True).exists():
        workflow.workflow_tasks.all().delete()
        task = ApprovalByAnother.objects.create(name=WORKFLOW)
        task.groups.set([approvers])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow
