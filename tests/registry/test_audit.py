import io
import json
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.audit_chain import canonical_json, network_of, plain_detail
from registry.models import AuditAction, AuditEntry, AuditHead
from registry.queries.audit import audit_entries
from registry.services import record, verify_log
from tests.audit_log import refuse_emptying_the_log, tampering
from tests.factories.privacy import make_person, make_user, make_village

NOW = datetime(2026, 6, 1, 8, 30, 0, 123456, tzinfo=UTC)


def fill_log(entries=6):
    actor, person = make_user(), make_person(village=make_village())
    return [
        record(
            actor=actor if number % 3 else None,
            action=AuditAction.PHONE_REVEALED,
            person=person if number % 2 else None,
            detail={"reason": f"核对{number}", "count": number, "list": [None, True, {"a": "b"}]},
            now=NOW + timedelta(minutes=number),
        )
        for number in range(entries)
    ]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# Writing


def test_record_numbers_entries_without_gaps_and_links_them(db):
    entries = fill_log(3)

    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[1].previous_hash == entries[0].hash
    assert verify_log().is_intact
    assert verify_log().entries == 3


def test_record_takes_the_place_of_the_person(db):
    person = make_person(village=make_village("431125100001"))

    entry = record(actor=None, action=AuditAction.PERSON_CHANGED, person=person, now=NOW)

    assert entry.region_code == "431125100001"


def test_record_of_a_person_without_village_takes_the_home_county(db, settings):
    settings.HOME_COUNTY = "431125"

    assert record(actor=None, action=AuditAction.PERSON_CHANGED, person=make_person()).region_code == "431125"


def test_record_keeps_the_network_and_not_the_device(db, rf):
    entry = record(
        actor=None, action=AuditAction.EXPORTED, request=rf.get("/", REMOTE_ADDR="203.0.113.77"), now=NOW
    )

    assert entry.network == "203.0.113.0/24"


def test_record_behind_a_bare_socket_has_no_network(db, rf):
    assert record(actor=None, action=AuditAction.EXPORTED, request=rf.get("/", REMOTE_ADDR="")).network == ""


def test_record_stars_numbers_in_the_detail(db):
    entry = record(
        actor=None,
        action=AuditAction.EXPORTED,
        detail={
            "reason": "打 138 0000 0000 或 +8613800000000,证 99000019900305008x。",
            "n": ["990000900305008"],
        },
    )

    assert entry.detail == {"reason": "打 *** 或 ***,证 ***。", "n": ["***"]}


def test_record_of_an_unknown_action_is_refused(db):
    with pytest.raises(ValueError, match="tea"):
        record(actor=None, action="tea_made")


@pytest.mark.parametrize("detail", [{"share": 0.5}, {"at": NOW}, {1: "one"}, {"raw": b"x"}])
def test_record_of_a_detail_that_is_no_plain_data_is_refused(db, detail):
    with pytest.raises(TypeError):
        record(actor=None, action=AuditAction.EXPORTED, detail=detail)


def test_record_survives_what_jsonb_does_not_hold(db):
    entry = record(actor=None, action=AuditAction.EXPORTED, detail={"reason": "a\0b\ud800c𠮷"})

    assert entry.detail["reason"] == "abc𠮷"
    assert verify_log().is_intact


def test_record_falls_with_the_transaction_of_the_caller(db):
    point = transaction.savepoint()
    fill_log(2)
    transaction.savepoint_rollback(point)

    assert verify_log().entries == 0


def test_record_notes_the_head_for_the_log_kept_elsewhere(db, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("INFO", "registry.services.audit"), django_capture_on_commit_callbacks(execute=True):
        entry = fill_log(1)[0]

    assert f"audit head 1:{entry.hash.hex()}" in caplog.text


def test_record_from_many_connections_makes_one_chain(transactional_db):

    def write():
        try:
            for _ in range(10):
                record(actor=None, action=AuditAction.EXPORTED)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verify_log().is_intact
    assert verify_log().entries == 60


def test_old_entries_verify_after_the_key_changed(db, settings):
    fill_log(2)
    settings.AUDIT_KEYS = {**settings.AUDIT_KEYS, 2: "ab" * 32}
    fill_log(2)

    assert verify_log().is_intact
    assert AuditEntry.objects.get(seq=4).key_id == 2

    settings.AUDIT_KEYS = {2: "ab" * 32}
    assert verify_log().problem == "signed with an unknown key"


# The database refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_auditentry SET action = 'exported'",
        "DELETE FROM registry_auditentry WHERE seq = 2",
        "UPDATE registry_audithead SET seq = 1",
        "DELETE FROM registry_audithead",
        "SET session_replication_role = replica; DELETE FROM registry_auditentry",
    ],
)
def test_database_refuses_to_change_the_log(db, statement):
    fill_log(3)

    with pytest.raises(IntegrityError, match="audit log"), transaction.atomic():
        sql(statement)


@pytest.mark.parametrize("table", ["registry_auditentry", "registry_audithead"])
def test_database_refuses_to_empty_the_log(db, table):
    refuse_emptying_the_log()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")


# What the chain finds when the triggers were off

CHANGES = {
    "action": "UPDATE registry_auditentry SET action = 'exported' WHERE seq = %s",
    "at": "UPDATE registry_auditentry SET at = at + interval '1 microsecond' WHERE seq = %s",
    "actor": "UPDATE registry_auditentry SET actor_id = CASE WHEN actor_id IS NULL THEN "
    "(SELECT max(id) FROM registry_user) END WHERE seq = %s",
    "person": "UPDATE registry_auditentry SET person_id = CASE WHEN person_id IS NULL THEN "
    "(SELECT max(id) FROM registry_person) END WHERE seq = %s",
    "region": "UPDATE registry_auditentry SET region_code = '999999' WHERE seq = %s",
    "detail": """UPDATE registry_auditentry SET detail = detail || '{"count": 99}' WHERE seq = %s""",
    "detail key": "UPDATE registry_auditentry SET detail = detail - 'reason' WHERE seq = %s",
    "network": "UPDATE registry_auditentry SET network = '10.0.0.0/24' WHERE seq = %s",
    "key": "UPDATE registry_auditentry SET key_id = 7 WHERE seq = %s",
    "previous hash": "UPDATE registry_auditentry SET previous_hash = sha256(previous_hash) WHERE seq = %s",
    "hash": "UPDATE registry_auditentry SET hash = sha256(hash) WHERE seq = %s",
    "deletion": "DELETE FROM registry_auditentry WHERE seq = %s",
    "cut off": "DELETE FROM registry_auditentry WHERE seq >= %s",
    "number": "UPDATE registry_auditentry SET seq = 1000 WHERE seq = %s",
    "all renumbered after a deletion": "DELETE FROM registry_auditentry WHERE seq = %s; "
    "UPDATE registry_auditentry SET seq = seq + 1000; "
    "UPDATE registry_auditentry e SET seq = n.row FROM "
    "(SELECT seq, row_number() OVER (ORDER BY seq) AS row FROM registry_auditentry) n WHERE n.seq = e.seq",
}


@pytest.fixture
def log_of_six(db):
    return fill_log(6)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(change=st.sampled_from(sorted(CHANGES)), seq=st.integers(1, 6))
def test_any_single_change_is_found(log_of_six, change, seq):
    point = transaction.savepoint()
    with tampering():
        sql(CHANGES[change], seq)

    verdict = verify_log()

    assert verdict.broken_at == seq
    transaction.savepoint_rollback(point)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(pair=st.sets(st.integers(1, 6), min_size=2, max_size=2).map(sorted))
def test_two_entries_exchanged_are_found(log_of_six, pair):
    point = transaction.savepoint()
    with tampering():
        sql("UPDATE registry_auditentry SET seq = 1000 WHERE seq = %s", pair[0])
        sql("UPDATE registry_auditentry SET seq = %s WHERE seq = %s", pair[0], pair[1])
        sql("UPDATE registry_auditentry SET seq = %s WHERE seq = 1000", pair[1])

    assert verify_log().broken_at == pair[0]
    transaction.savepoint_rollback(point)


def test_head_set_back_by_hand_is_found(log_of_six):
    with tampering():
        sql("DELETE FROM registry_auditentry WHERE seq > 4")
        sql("UPDATE registry_audithead SET seq = 4, hash = e.hash FROM registry_auditentry e WHERE e.seq = 4")

    assert verify_log().problem == "head forged"


def test_head_taken_away_is_found(log_of_six):
    with tampering():
        sql("DELETE FROM registry_audithead")

    assert verify_log().problem == "head missing"


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM registry_auditentry WHERE seq > 4",
        "DELETE FROM registry_audithead; DELETE FROM registry_auditentry WHERE seq > 4",
        "DELETE FROM registry_auditentry WHERE seq > 4; UPDATE registry_audithead SET seq = 4",
        "UPDATE registry_audithead SET seq = 4",
    ],
)
def test_what_is_logged_after_tampering_does_not_heal_it(log_of_six, damage):
    with tampering():
        sql(damage)

    record(actor=None, action=AuditAction.EXPORTED)

    assert not verify_log().is_intact
    assert verify_log().broken_at in (5, 7)


def test_older_log_put_back_with_its_head_is_found_by_an_anchor(db):
    fill_log(4)
    old = AuditHead.objects.values().get()
    newest = fill_log(2)[-1]
    with tampering():
        sql("DELETE FROM registry_auditentry WHERE seq > 4")
        AuditHead.objects.filter(pk=1).update(**old)
    assert verify_log().is_intact

    verdict = verify_log(anchor=(6, newest.hash.hex()))

    assert (verdict.broken_at, verdict.problem) == (5, "end cut off")


def test_anchor_of_another_history_is_found(log_of_six):
    assert verify_log(anchor=(3, "00" * 32)).broken_at == 3
    assert verify_log(anchor=(3, log_of_six[2].hash.hex())).is_intact


# The command


def test_command_says_intact(log_of_six):
    out = io.StringIO()

    call_command("verify_audit", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "entries": 6,
        "head": f"6:{log_of_six[-1].hash.hex()}",
        "broken_at": None,
        "problem": "",
        "intact": True,
    }


def test_command_of_an_empty_log_says_intact(db):
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue().startswith("Intact: 0 entries")


def test_command_names_the_first_broken_entry(log_of_six):
    with tampering():
        sql(CHANGES["detail"], 4)
        sql(CHANGES["action"], 2)
    out = io.StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", stdout=out)

    assert stop.value.code == 1
    assert out.getvalue() == "Broken at entry 2: changed\n"


def test_verify_keeps_memory_flat(db):
    fill_log(1)
    with tampering():
        sql(
            "INSERT INTO registry_auditentry SELECT seq + n, at, action, region_code, "
            """jsonb_build_object('reason', repeat('x', 2000)), network, key_id, previous_hash, """
            "sha256(n::text::bytea), actor_id, person_id FROM registry_auditentry, generate_series(1, 9000) n"
        )
    tracemalloc.start()
    from registry.services.audit import _links

    count = sum(1 for _ in _links())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 9001
    assert peak < 15_000_000  # 2,000 rows at a time, not 9,000


# Reading


def test_entries_are_seen_within_the_region_only(db):
    own = record(actor=None, action=AuditAction.EXPORTED, region_code="431125100001")
    county = record(actor=None, action=AuditAction.EXPORTED, region_code="431125")
    record(actor=None, action=AuditAction.EXPORTED, region_code="431126100001")
    record(actor=None, action=AuditAction.KEYS_ROTATED)

    assert list(audit_entries(scopes=["431125"])) == [county, own]
    assert list(audit_entries(scopes=[])) == []
    assert audit_entries(scopes=[""]).count() == 4


def test_entries_are_filtered(db):
    entries = fill_log(6)
    actor, person = entries[1].actor, entries[1].person

    found = audit_entries(
        scopes=[""],
        actor=actor,
        person=person,
        action=AuditAction.PHONE_REVEALED,
        since=entries[1].at,
        until=entries[5].at,
    )

    assert [entry.seq for entry in found] == [2]


# The arithmetic


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_canonical_json_is_the_same_after_a_round_trip(value):
    plain = plain_detail(value)

    assert canonical_json(json.loads(canonical_json(plain))) == canonical_json(plain)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", ""),
    ],
)
def test_network_of_an_address(address, network):
    assert network_of(address) == network
