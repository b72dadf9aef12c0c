"""Who gets which signed return, where to, and what still lies on somebody's desk."""

from datetime import date

from django.db.models import QuerySet

from county.models import MonthlyReturn, ReturnMail, ReturnMailChoice
from registry.models import Appointment, User


def readers_of(monthly_return: MonthlyReturn, on: date) -> QuerySet[User]:
    """Return who answers for the county's return: its own office's accounts that day, but who declined.

    Offices above have the page of all their counties; a letter a county and month would drown them.
    """
    holders = Appointment.objects.filter(
        role=Appointment.Role.OFFICE, region=monthly_return.county_id, valid__contains=on
    )
    declined = ReturnMailChoice.objects.filter(is_wanted=False)
    readers = User.objects.filter(pk__in=holders.values("user"), is_active=True)
    return readers.exclude(pk__in=declined.values("reader")).order_by("pk")


def returns_to_send(month: date, on: date) -> list[tuple[MonthlyReturn, User]]:
    """Return what was signed of that month and has not gone to one of its readers yet."""
    signed = MonthlyReturn.objects.filter(month=month, state=MonthlyReturn.State.SIGNED)
    gone = set(ReturnMail.objects.filter(monthly_return__in=signed).values_list("monthly_return", "reader"))
    pairs = [(made, reader) for made in signed for reader in readers_of(made, on)]
    return [(made, reader) for made, reader in pairs if (made.pk, reader.pk) not in gone]


def wants_returns(reader: User) -> bool:
    """Tell whether returns are sent to her: unless she declined."""
    return not ReturnMailChoice.objects.filter(reader=reader, is_wanted=False).exists()


def notices_for(reader: User) -> QuerySet[ReturnMail]:
    """Return the returns that lie on her desk, the newest first."""
    found = ReturnMail.objects.filter(reader=reader, state=ReturnMail.State.NOTICE)
    return found.select_related("monthly_return")
