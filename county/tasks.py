from celery import shared_task


@shared_task(name="county.refresh_facts")
def refresh_facts_task() -> None:
    """Work off what changed, so that the next reader waits for little."""
    from django.utils import timezone

    from county.facts import refresh_facts

    refresh_facts(timezone.localdate())


@shared_task(name="county.make_ledger")
def make_ledger_task(bundle_id: int) -> None:
    """Pack the ledger of a class."""
    from county.services.ledger_bundle import make_ledger

    make_ledger(bundle_id=bundle_id)


@shared_task(name="county.sweep_ledgers")
def sweep_ledgers_task() -> None:
    """Wake ledgers whose worker is gone."""
    from county.services.ledger_bundle import sweep_ledgers

    sweep_ledgers()
