"""Background work of the livestream app: ids in, one service called; running twice does no harm."""

from celery import shared_task


@shared_task(name="livestream.write_class_attendance")
def write_class_attendance_task(live_class_id: int) -> None:
    """Write into the ledger who followed one live class."""
    from livestream.models import LiveClass
    from livestream.services.live_class import write_attendance

    live_class = LiveClass.objects.filter(pk=live_class_id).first()
    if live_class:
        write_attendance(live_class=live_class)


@shared_task(name="livestream.send_class_reminder")
def send_class_reminder_task(reminder_id: int) -> None:
    """Send one reminder of a live class."""
    from livestream.models import ClassReminder
    from livestream.services.class_reminders import send_reminder

    rows = ClassReminder.objects.select_related("live_class__session", "person__user")
    reminder = rows.filter(pk=reminder_id).first()
    if reminder:
        send_reminder(reminder=reminder)


@shared_task(name="livestream.sweep_classes")
def sweep_classes_task() -> int:
    """Make reminders that are due, wake lost ones, write attendance that is missing; return how many."""
    from livestream.services.class_reminders import sweep_reminders
    from livestream.services.live_class import sweep_attendance

    return sweep_reminders() + sweep_attendance()


@shared_task(name="livestream.build_recording")
def build_recording_task(build_id: int) -> None:
    """Make one recording from its raw parts."""
    from livestream.models import RecordingBuild
    from livestream.services import build_recording

    build = RecordingBuild.objects.select_related("session").filter(pk=build_id).first()
    if build:
        build_recording(build=build)


@shared_task(name="livestream.sweep")
def sweep_task() -> int:
    """Interrupt and end what fell silent, wake recordings whose work was lost; return how many."""
    from livestream.services import reconcile_sessions, sweep_builds

    reconcile_sessions()
    return sweep_builds()


@shared_task(name="livestream.analyse_recording")
def analyse_recording_task(analysis_id: int) -> None:
    """Measure sound and picture of one recording."""
    from livestream.models import Analysis
    from livestream.services.analysis import analyse_recording

    analysis = Analysis.objects.filter(pk=analysis_id).first()
    if analysis:
        analyse_recording(analysis=analysis)


@shared_task(name="livestream.sweep_analyses")
def sweep_analyses_task() -> int:
    """Ask for recordings that were not measured yet, wake those that are stuck; return how many."""
    from livestream.services.analysis import sweep_analyses

    return sweep_analyses()
