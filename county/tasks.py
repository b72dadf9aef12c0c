from celery import shared_task


@shared_task(name="county.refresh_facts")
def refresh_facts_task() -> None:
    """Work off what changed, so that the next reader waits for little."""
    from django.utils import timezone

    from county.facts import refresh_facts

    refresh_facts(timezone.localdate())
