from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from registry import list_kinds as kinds
from registry.cells import safe_cell
from registry.errors import ExportDecided, ExportNeedsAnother, ExportNotAllowed
from registry.export_workbook import Watermark, workbook_of_list
from registry.models import AuditAction, AuditEntry, Export, Person
from registry.permissions import office_scopes
from registry.services import (
    appoint,
    approve_export,
    ask_for_list,
    make_export,
    record_download,
    refuse_export,
    wake_waiting_exports,
)
from registry.services import exports as service
from registry.tasks import make_export_task
from tests.factories.privacy import ID_NUMBER, PHONE
from tests.factories.registry import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
LIST, ASK = reverse("export_list"), reverse("export_new")


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    seen = []
    monkeypatch.setattr(make_export_task, "delay", seen.append)
    return seen


@pytest.fixture(autouse=True)
def listed(monkeypatch):
    """Two kinds of list: of people, and of places without people."""

    def person():
        return Person.objects.first() or PersonFactory(name="=学员甲", id_number=ID_NUMBER, phone=PHONE)

    made = {
        "people": kinds.ListKind(
            "people", "名单", "", ["姓名"], True, lambda q: [(p := person(), [p.name])], office_scopes
        ),
        "places": kinds.ListKind(
            "places", "村", "", ["村"], False, lambda q: [(None, ["甲村"])], office_scopes
        ),
    }
    monkeypatch.setattr(kinds, "_KINDS", made)


@pytest.fixture
def colleague(county):
    user = UserFactory(username="office-b")
    appoint(user=user, role="office", region=county, since=date(2020, 1, 1))
    return user


def ask(by, kind="people", **asked):
    return ask_for_list(
        **{
            "kind": kind,
            "region_code": "431125",
            "by": by,
            "purpose": "inspection",
            "purpose_text": "+省里检查",
            "now": NOW,
            **asked,
        }
    )


def ready(by, colleague, **asked):
    export = ask(by, **asked)
    approve_export(export=export, by=colleague, now=NOW)
    make_export(export_id=export.pk, now=NOW)
    export.refresh_from_db()
    return export


def sheets_of(export):
    with export.file.open("rb") as file:
        return load_workbook(BytesIO(file.read()))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("\r", "'\r"),
        ("甲", "甲"),
    ],
)
def test_safe_cell_keeps_formulas_from_running(text, kept):
    assert safe_cell(text) == kept


def test_watermark_stands_on_every_sheet_and_escapes_its_codes():
    mark = Watermark("甲&乙", "丙", NOW, "检查", "江永县", "u")

    book = load_workbook(BytesIO(workbook_of_list("名单", ["姓名"], [["学员甲", 1]], mark)))

    assert len(book.worksheets) == 2
    for sheet in book.worksheets:
        assert sheet.oddHeader.center.text.startswith("甲&&乙 2026-06-01 16:30")
        assert sheet.oddFooter.center.text == sheet.oddHeader.center.text


def test_list_of_people_waits_for_another_and_holds_no_number(office_user, colleague):
    export = ask(office_user)
    assert not make_export(export_id=export.pk)
    with pytest.raises(ExportNeedsAnother):
        approve_export(export=export, by=office_user)

    approve_export(export=export, by=colleague, now=NOW)
    assert make_export(export_id=export.pk, now=NOW)
    assert not make_export(export_id=export.pk, now=NOW)

    export.refresh_from_db()
    assert (export.state, export.rows, export.expires_at) == ("ready", 1, NOW + timedelta(days=3))
    book = sheets_of(export)
    cells = [[cell.value for cell in row] for row in book.worksheets[0]]
    assert cells == [["姓名"], ["'=学员甲"]]
    about = {row[0].value: row[1].value for row in book.worksheets[1]}
    assert str(office_user) in about.values()
    assert any("省里检查" in str(value) for value in about.values())
    actions = list(AuditEntry.objects.exclude(action="appointed").order_by("seq"))
    assert [entry.action for entry in actions] == ["export_asked", "export_approved", "exported"]
    assert actions[-1].detail["rows"] == 1
    assert "省里检查" not in str([entry.detail for entry in actions])


def test_numbers_stand_in_it_only_when_asked_for(office_user, colleague):
    cells = [
        cell.value for cell in sheets_of(ready(office_user, colleague, with_phones=True)).worksheets[0][2]
    ]
    assert cells == ["'=学员甲", PHONE.removeprefix("+86")]
    export = ready(office_user, colleague, with_id_numbers=True)
    assert [cell.value for cell in sheets_of(export).worksheets[0][2]] == ["'=学员甲", ID_NUMBER]


def test_list_without_people_is_made_at_once(office_user, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        export = ask(office_user, "places", with_phones=True)

    assert queued == [export.pk]
    assert not export.with_phones
    assert make_export(export_id=export.pk)


def test_list_of_more_rows_than_the_cap_is_not_made(office_user, colleague, monkeypatch):
    monkeypatch.setattr(service, "MOST_ROWS", 0)

    export = ready(office_user, colleague)

    assert (export.state, export.file.name) == ("failed", "")
    assert "0" in export.failure
    assert not AuditEntry.objects.filter(action=AuditAction.EXPORTED).exists()


@pytest.mark.parametrize("asked", [{"kind": "x"}, {"region_code": "431129"}, {"region_code": "43"}])
def test_foreign_or_unknown_list_is_refused(office_user, asked):
    with pytest.raises(ExportNotAllowed):
        ask(office_user, **asked)


def test_foreign_office_cannot_approve(office_user, foreign_office_user):
    with pytest.raises(ExportNotAllowed):
        approve_export(export=ask(office_user), by=foreign_office_user)


def test_refused_list_is_not_made(office_user, colleague):
    export = ask(office_user)
    refuse_export(export=export, by=colleague, reason="太多")

    with pytest.raises(ExportDecided):
        approve_export(export=export, by=colleague)
    assert not make_export(export_id=export.pk)


def test_lost_message_is_sent_again(office_user, colleague, queued, django_capture_on_commit_callbacks):
    export = ask(office_user)
    approve_export(export=export, by=colleague, now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        assert wake_waiting_exports(now=NOW + timedelta(minutes=5)) == 1
    assert queued == [export.pk]


@pytest.mark.parametrize("change", [{"decided_by": None}, {"decided_by": "asker"}])
def test_database_wants_another_approver(office_user, colleague, change):
    export = ready(office_user, colleague)
    approver = office_user if change["decided_by"] == "asker" else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by=approver)


def test_link_ends_and_is_the_askers_alone(office_user, colleague):
    export = ready(office_user, colleague)

    record_download(export=export, by=office_user, now=NOW + timedelta(days=2))
    for by, at in ((colleague, NOW), (office_user, NOW + timedelta(days=4))):
        with pytest.raises(ExportNotAllowed):
            record_download(export=export, by=by, now=at)

    assert AuditEntry.objects.filter(action=AuditAction.EXPORT_DOWNLOADED).count() == 1


# The pages


def form(**changes):
    return {
        "kind": "people",
        "region_code": "431125",
        "purpose": "inspection",
        "purpose_text": "检查",
        **changes,
    }


def test_office_asks_approves_and_fetches(client, office_user, colleague):
    client.force_login(office_user)
    detail = client.post(ASK, form()).url
    export = Export.objects.get()
    decide = reverse("export_decide", args=[export.uid])
    assert decide not in client.get(detail).content.decode()
    client.post(decide, {"approve": "1"})
    export.refresh_from_db()
    assert export.state == "asked"

    client.force_login(colleague)
    assert decide in client.get(detail).content.decode()
    client.post(decide, {"approve": "1"})
    make_export(export_id=export.pk)
    download = reverse("export_download", args=[export.uid])
    assert client.get(download).status_code == 404
    client.force_login(office_user)
    assert download in client.get(detail).content.decode()
    fetched = client.get(download)

    assert b"".join(fetched.streaming_content).startswith(b"PK")
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(download).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose_text": " "}, "purpose_text"),
        ({"region_code": "431129"}, "region_code"),
        ({"kind": "x"}, "kind"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
    ],
)
def test_form_says_what_is_wrong(client, office_user, changes, field):
    client.force_login(office_user)

    assert client.post(ASK, form(**changes)).context["form"].has_error(field)
    assert not Export.objects.exists()


def test_others_find_nothing(client, office_user, foreign_office_user, instructor_user):
    export = ask(office_user)
    Export.objects.filter(pk=export.pk).update(file=ContentFile(b"", name="x").name)
    pages = [reverse(name, args=[export.uid]) for name in ("export_detail", "export_download")]

    assert [client.get(page).status_code for page in [LIST, *pages]] == [302] * 3
    client.force_login(foreign_office_user)
    assert str(export.uid) not in client.get(LIST).content.decode()
    assert [client.get(page).status_code for page in pages] == [404] * 2
    assert client.post(reverse("export_decide", args=[export.uid]), {"approve": "1"}).status_code == 404
    client.force_login(instructor_user)
    assert [client.get(page).status_code for page in [LIST, ASK, *pages]] == [404] * 4


def test_list_takes_the_same_queries_for_one_and_three(
    client, office_user, colleague, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as seen:
            client.get(LIST)
        return len(seen)

    client.force_login(office_user)
    ask(office_user)
    queries()
    with_one = queries()
    ask(colleague)
    ready(office_user, colleague)

    assert queries() == with_one
