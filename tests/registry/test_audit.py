import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from registry.audit_chain import canonical_json, network_of, plain_detail
from registry.models import AuditAction, AuditEntry
from registry.queries.audit import audit_entries
from registry.services import record, verify_log
from tests.audit_log import refuse_emptying_the_log
from tests.factories.privacy import make_person, make_village
from tests.registry.audit_entries import NOW, fill_log, sql


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
