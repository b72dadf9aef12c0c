"""The demo's desk: signed returns with a later line, a settled flag, and a phone audit half done.

Through the services, as three colleagues and the auditor would have done it at the time.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from county.models import CountedPlace, MonthlyReturn, ReturnMail
from county.queries.flags import Looked, flag_rows
from county.services import check_return, prepare_return, sign_return
from county.services.flags import settle_flag
from county.services.return_mail import deliver_return_mail, send_returns
from county.services.samples import draw_month, record_call
from registry.demo import COUNTY
from registry.models import Membership, Person, StatusPeriod, User
from registry.services import end_status, set_mail_address

MONTHS = 4  # before this one; the newest waits for its check
SIGNERS = ("office", "checker", "chief")
SEED = "20260815"
# What the called say, over and over; the rest waits to be called.
_ANSWERS = (
    ("confirmed", "记得课上学的分级和装箱。"),
    ("confirmed", "本人来的，还讲了自己卖柚子的事。"),
    ("unreachable", "关机，晚上再打。"),
    ("confirmed", ""),
    ("denied", "说那几天在外面打工，没有参加。"),
)
# Of the kinds that the demo's learning may raise, the first that is there is settled; the others wait.
_REASONS = {
    "A12": "调看了学习记录，是同一个人隔了几个月再学一遍，不另付费。",
    "A11": "核对过户口簿，年龄无误，本人自愿来学。",
    "A8": "两户是兄弟，共用一部手机，村委会证明在卷。",
    "A4": "补签当天停电，站长手工记了时间。",
}
MAIL = {"office": "office@example.org", "checker": "checker@example.org"}  # the chief reads on the desk


def load_desk(*, now: datetime | None = None) -> int:
    """Sign the months of the demo's learning, call some of the trained; return how many returns there are.

    Between the first and the second a household is taken off the list: the second states it as a line of
    the first. A repeat changes nothing.
    """
    now = now or timezone.now()
    people = [User.objects.filter(username=name).first() for name in (*SIGNERS, "auditor")]
    if MonthlyReturn.objects.filter(county_code=COUNTY).exists() or None in people:
        return 0
    *signers, auditor = [user for user in people if user is not None]
    months = _months_before(timezone.localdate(now))
    with transaction.atomic():
        for number, month in enumerate(months):
            _sign(month, signers, now, is_open=month == months[-1])
            if number == 0:
                _take_a_status_back(month, signers[0])
        _settle_a_flag(months[0], auditor, now)
        _mail(months[-2], now)
        _call_some(months[-2], auditor, now)
    return len(months)


def _months_before(today: date) -> list[date]:
    months = [(today.replace(day=1) - timedelta(days=1)).replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _sign(month: date, signers: list[User], now: datetime, *, is_open: bool) -> None:
    """Fill in a month on the third of the next, check it on the fourth and sign it on the fifth."""
    third, fourth, fifth = (min(now, _morning(month, day)) for day in (3, 4, 5))
    made = prepare_return(county_code=COUNTY, month=month, by=signers[0], now=third)
    if is_open:
        return
    check_return(monthly_return=made, by=signers[1], now=fourth)
    sign_return(monthly_return=made, by=signers[2], now=fifth)


def _morning(month: date, day: int) -> datetime:
    following = (month + timedelta(days=32)).replace(day=day)
    return timezone.make_aware(datetime.combine(following, time(9, 30)))


def _take_a_status_back(month: date, by: User) -> None:
    """Somebody counted as monitored should never have been: her household's spell ends on its first day."""
    counted = CountedPlace.objects.filter(
        counts=True, was_monitored=True, ends_on__year=month.year, ends_on__month=month.month
    )
    for person in Person.objects.filter(pk__in=counted.values("person_id")).order_by("pk"):
        households = Membership.objects.filter(person=person).values("household")
        period = StatusPeriod.objects.filter(
            household__in=households, kind=StatusPeriod.Kind.MONITORED, valid__upper_inf=True
        ).first()
        if period and period.valid.lower:
            end_status(period=period, on=period.valid.lower, reason="识别不准，按程序清退", by=by)
            return


def _settle_a_flag(since: date, by: User, now: datetime) -> None:
    looked = Looked([COUNTY], since, timezone.localdate(now) + timedelta(days=1))
    for flag, reason in _REASONS.items():
        for row in flag_rows(looked, flag, most=1):
            settle_flag(looked=looked, flag=flag, key=row.key, reason=reason, by=by, now=now)
            return


def _mail(month: date, now: datetime) -> None:
    """Send what was signed of a month, without waiting for a worker."""
    for username, address in MAIL.items():
        set_mail_address(user=User.objects.get(username=username), address=address)
    moment = min(now, _morning(month, 6))
    send_returns(now=moment)
    for mail in ReturnMail.objects.filter(state=ReturnMail.State.WAITING):
        deliver_return_mail(mail_id=mail.pk, now=moment)


def _call_some(month: date, by: User, now: datetime) -> None:
    sample = draw_month(county_code=COUNTY, month=month, by=by, seed=SEED, now=now - timedelta(days=2))
    calls = list(sample.calls.all())
    for number, call in enumerate(calls[: max(1, len(calls) * 2 // 3)]):
        outcome, note = _ANSWERS[number % len(_ANSWERS)]
        moment = now - timedelta(days=1) + timedelta(minutes=7 * number)
        record_call(call=call, outcome=outcome, note=note, by=by, now=moment)
