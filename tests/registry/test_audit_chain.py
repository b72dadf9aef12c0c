import io
import json
import tracemalloc

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.models import AuditAction, AuditHead
from registry.services import record, verify_log
from tests.audit_log import tampering
from tests.registry.audit_entries import fill_log, sql

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


@pytest.mark.slow
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


@pytest.mark.slow
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
