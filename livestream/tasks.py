"""Background work of livestream coaching: ids in, one service called; running twice does no harm."""

from celery import shared_task


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
