"""Background work of the registry; each task may run twice without harm."""

from celery import shared_task


@shared_task(name="registry.check_roster")
def check_roster_task(pk: int) -> None:
    """Check the uploaded roster `pk`."""
    from registry.models import RosterImport
    from registry.services import check_roster

    check_roster(RosterImport.objects.get(pk=pk))


@shared_task(name="registry.apply_roster")
def apply_roster_task(pk: int) -> None:
    """Apply the checked roster `pk`."""
    from registry.models import RosterImport
    from registry.services import apply_roster

    apply_roster(RosterImport.objects.get(pk=pk))


@shared_task(name="registry.undo_roster")
def undo_roster_task(pk: int) -> None:
    """Undo the applied roster `pk`."""
    from registry.models import RosterImport
    from registry.services import undo_roster

    undo_roster(RosterImport.objects.get(pk=pk))


@shared_task(name="registry.sweep_roster_imports")
def sweep_roster_imports_task() -> None:
    """Wake imports whose worker is gone or whose message was lost."""
    from registry.services import wake_waiting_imports

    wake_waiting_imports()


@shared_task(name="registry.sync_admin_groups")
def sync_admin_groups_task() -> None:
    """Let the admin's groups follow the appointments that begin or end today."""
    from registry.services import sync_admin_groups

    sync_admin_groups()


@shared_task(name="registry.make_data_copy")
def make_data_copy_task(pk: int) -> None:
    """Write the copy that request `pk` asks for."""
    from registry.services import make_data_copy

    make_data_copy(request_id=pk)


@shared_task(name="registry.make_export")
def make_export_task(pk: int) -> None:
    """Write the workbook of the approved list `pk`."""
    from registry.services import make_export

    make_export(export_id=pk)


@shared_task(name="registry.sweep_privacy_desk")
def sweep_privacy_desk_task() -> None:
    """Wake copies and lists whose message was lost."""
    from registry.services import wake_waiting_copies, wake_waiting_exports

    wake_waiting_copies()
    wake_waiting_exports()


@shared_task(name="registry.verify_audit")
def verify_audit_task() -> None:
    """Walk the audit chain and keep what was found."""
    from registry.services import check_log

    check_log()


@shared_task(name="registry.apply_retention")
def apply_retention_task() -> None:
    """Remove what has served its purpose."""
    from registry.services import apply_retention

    apply_retention()
