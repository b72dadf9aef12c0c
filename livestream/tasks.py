"""Background work of the livestream app: ids in, one service called; running twice does no harm."""

from celery import shared_task


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
