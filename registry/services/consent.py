"""Giving consent and taking it back, which is as easy: no reason, no witness, at once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core.files import File
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from registry.errors import (
    ConsentDateWrong,
    ConsentGuardianMissing,
    ConsentItemNotInText,
    ConsentNotOwn,
    ConsentWitnessesMissing,
)
from registry.models import AuditAction, Consent, ConsentItem, ConsentText, Person, User
from registry.queries.consent import needs_guardian, open_consents, open_items_of
from registry.queries.people import is_same_person, person_of, records_of
from registry.services.audit import record
from registry.signals import consent_withdrawn


@transaction.atomic
def publish_consent_text(
    *,
    version: int,
    language: str,
    introduction: str,
    items: Mapping[str, str],
    by: User | None = None,
    now: datetime | None = None,
) -> ConsentText:
    """Publish a wording: an introduction and a sentence an item; the same again returns the published one.

    Raises ValueError for an unknown item, an empty sentence, or other words under a published version.
    """
    wording = {Consent.Item(item).value: " ".join(text.split()) for item, text in items.items()}
    if not wording or not all([introduction.strip(), *wording.values()]):
        raise ValueError("The introduction and every item need their sentence.")
    at = now or timezone.now()
    text, is_new = ConsentText.objects.get_or_create(
        version=version,
        language=language,
        defaults={
            "introduction": introduction.strip(),
            "items": wording,
            "published_at": at,
        },
    )
    if (text.introduction, text.items) != (introduction.strip(), wording):
        raise ValueError("This version was published in other words.")
    if is_new:
        record(
            actor=by,
            action=AuditAction.CONSENT_TEXT_PUBLISHED,
            detail={"version": version, "language": language},
            now=at,
        )
    return text


@transaction.atomic
def give_consent(
    *,
    person: Person,
    text: ConsentText,
    items: Iterable[str],
    channel: str,
    recorded_by: User,
    witnesses: tuple[str, str] = ("", ""),
    guardian: str = "",
    scan: File | None = None,
    given_on: date | None = None,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> Consent:
    """Record a sheet with the items ticked on it, none being an answer too, and return it.

    An item already open in the same words stays as it is; in other words it is given anew. What was not
    ticked stays as it was: only `withdraw_consent` ends an item. The same sheet sent again is returned.
    Raises the `Consent...` errors of errors.py, and ValueError for an unknown item or channel.
    """
    at = now or timezone.now()
    sheet = Consent(
        person=person,
        text=text,
        ticked=_ticked(text, items),
        channel=Consent.Channel(channel),
        first_witness=witnesses[0].strip(),
        second_witness=witnesses[1].strip(),
        guardian=guardian.strip(),
        given_on=given_on or timezone.localdate(at),
        recorded_by=recorded_by,
        recorded_at=at,
    )
    _check_sheet(sheet, timezone.localdate(at))
    _lock(person)
    known = open_consents(person)
    changed = [item for item in sheet.ticked if item not in known or known[item].consent.text_id != text.pk]
    if not changed and (previous := _sent_before(sheet)):
        return previous
    _replace(list(open_items_of(person).filter(item__in=changed)), sheet)
    _open(changed, sheet, scan)
    _log(AuditAction.CONSENT_GIVEN, person, recorded_by, channel, sheet.ticked, at, request, text)
    return sheet


@transaction.atomic
def withdraw_consent(
    *,
    person: Person,
    items: Iterable[str],
    channel: str,
    recorded_by: User,
    withdrawn_on: date | None = None,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> list[str]:
    """End the open ones among `items` and return them; what is not open is passed over.

    Sends `consent_withdrawn`. Raises `ConsentNotOwn`, and `ConsentDateWrong` for a day that lies ahead or
    before the item was given.
    """
    at = now or timezone.now()
    day = withdrawn_on or timezone.localdate(at)
    wanted = {Consent.Item(item) for item in items}
    _check_own(Consent.Channel(channel), person, recorded_by)
    _lock(person)
    open_items = list(open_items_of(person).filter(item__in=wanted))
    if day > timezone.localdate(at):
        raise ConsentDateWrong
    _end(open_items, day, ConsentItem.End.WITHDRAWN, channel, recorded_by, at)
    withdrawn = sorted({item.item for item in open_items})
    if withdrawn:
        consent_withdrawn.send(sender=ConsentItem, person=person, items=withdrawn)
        _log(AuditAction.CONSENT_WITHDRAWN, person, recorded_by, channel, withdrawn, at, request)
    return withdrawn


def _ticked(text: ConsentText, items: Iterable[str]) -> list[str]:
    ticked = sorted({Consent.Item(item).value for item in items})
    if not set(ticked) <= set(text.items):
        raise ConsentItemNotInText
    return ticked


def _check_sheet(sheet: Consent, today: date) -> None:
    _check_own(sheet.channel, sheet.person, sheet.recorded_by)
    if sheet.given_on > today:
        raise ConsentDateWrong
    witnesses = {sheet.first_witness, sheet.second_witness} - {""}
    if sheet.channel == Consent.Channel.ORAL and len(witnesses) < 2:
        raise ConsentWitnessesMissing
    if needs_guardian(sheet.person, sheet.given_on) and not sheet.guardian:
        raise ConsentGuardianMissing


def _check_own(channel: str, person: Person, recorded_by: User) -> None:
    if channel == Consent.Channel.SELF and not is_same_person(person_of(recorded_by), person):
        raise ConsentNotOwn


def _lock(person: Person) -> None:
    """One change of a person's consents at a time, whichever of her records it is written on."""
    list(records_of(person).order_by("pk").select_for_update(no_key=True))


def _sent_before(sheet: Consent) -> Consent | None:
    """The same sheet, sent a second time by a double click or a retry."""
    same = {name: getattr(sheet, name) for name in ("person", "text", "channel", "given_on", "ticked")}
    return Consent.objects.filter(**same).order_by("-pk").first()


def _open(items: list[str], sheet: Consent, scan: File | None) -> None:
    withdrawn_later = ConsentItem.objects.filter(
        person__in=records_of(sheet.person),
        item__in=items,
        end=ConsentItem.End.WITHDRAWN,
        ended_on__gt=sheet.given_on,
    )
    # An older sheet entered late must not undo a withdrawal.
    if withdrawn_later.exists():
        raise ConsentDateWrong
    if scan:
        sheet.scan.save("scan", scan, save=False)
    sheet.save(force_insert=True)
    ConsentItem.objects.bulk_create(
        ConsentItem(consent=sheet, person=sheet.person, item=item, given_on=sheet.given_on) for item in items
    )


def _replace(open_items: list[ConsentItem], sheet: Consent) -> None:
    _end(
        open_items,
        sheet.given_on,
        ConsentItem.End.REPLACED,
        sheet.channel,
        sheet.recorded_by,
        sheet.recorded_at,
    )


def _end(
    open_items: list[ConsentItem],
    day: date,
    end: ConsentItem.End,
    channel: str,
    recorded_by: User,
    at: datetime,
) -> None:
    if any(day < item.given_on for item in open_items):
        raise ConsentDateWrong
    ConsentItem.objects.filter(pk__in=[item.pk for item in open_items]).update(
        ended_on=day, end=end, end_channel=channel, end_recorded_by=recorded_by, end_recorded_at=at
    )


def _log(
    action: AuditAction,
    person: Person,
    actor: User,
    channel: str,
    items: list[str],
    at: datetime,
    request: HttpRequest | None,
    text: ConsentText | None = None,
) -> None:
    words = {"version": text.version, "language": text.language} if text else {}
    record(
        actor=actor,
        action=action,
        person=person,
        detail={"items": items, "channel": str(channel), **words},
        request=request,
        now=at,
    )
