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


@shared_task(name="county.send_returns")
def send_returns_task() -> None:
    """Send the month's signed returns to those who answer for them."""
    from county.services.return_mail import send_returns

    send_returns()


@shared_task(name="county.send_return_mail")
def send_return_mail_task(mail_id: int) -> None:
    """Mail one return to one reader."""
    from county.services.return_mail import deliver_return_mail

    deliver_return_mail(mail_id=mail_id)


@shared_task(name="county.sweep_return_mail")
def sweep_return_mail_task() -> None:
    """Wake mails whose sending failed."""
    from county.services.return_mail import sweep_return_mail

    sweep_return_mail()
