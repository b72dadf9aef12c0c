import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.uploads import check_file
from livestream.blueprints import BLUEPRINTS
from livestream.errors import LastSegment, TooManySegments, UnknownPart
from livestream.models import RunOfShow, RunSegment
from livestream.queries import run_sheet, runs_of
from livestream.services import (
    move_segment,
    put_away,
    remove_product,
    remove_segment,
    save_product,
    save_segment,
    start_run,
)
from livestream.services.run_of_show import MAX_SEGMENTS
from registry.signals import person_erased
from tests.factories.courses import photo

pytestmark = pytest.mark.django_db


def values(**changes):
    return {"kind": "hook", "planned_seconds": 20, "script": "", "cue": "", "product": None, **changes}


def keys(run):
    return [line.segment.key for line in run_sheet(run).lines]


def use(run):
    run.versions.update(used_at=timezone.now())


def test_loop_is_the_five_minutes_of_the_syllabus(run):
    sheet = run_sheet(run)

    assert [(line.segment.kind, line.segment.planned_seconds, line.starts_at) for line in sheet.lines] == [
        ("hook", 30, 0),
        ("who", 60, 30),
        ("proof", 90, 90),
        ("price", 45, 180),
        ("order", 45, 225),
        ("questions", 30, 270),
    ]
    assert sheet.seconds == 300
    assert len(sheet.products) == 1


def test_evening_takes_two_hours_with_six_products(host):
    run = start_run(person=host.person, blueprint=BLUEPRINTS["evening"], client_token=uuid.uuid4())

    sheet = run_sheet(run)

    assert sheet.seconds == 120 * 60
    assert len(sheet.products) == 6
    assert [line.starts_at // 60 for line in sheet.lines][-2:] == [100, 110]


def test_same_click_twice_begins_one_run(host):
    token = uuid.uuid4()

    runs = {start_run(person=host.person, blueprint=BLUEPRINTS["loop"], client_token=token).pk for _ in "ab"}

    assert len(runs) == 1
    assert RunOfShow.objects.count() == 1


def test_new_segment_saved_twice_is_one(run):
    key = uuid.uuid4()

    for seconds in (20, 25):
        save_segment(run=run, key=key, values=values(planned_seconds=seconds))

    assert keys(run).count(key) == 1
    assert run_sheet(run).lines[-1].segment.planned_seconds == 25


def test_script_longer_than_its_time_is_told(run):
    key = keys(run)[0]

    save_segment(run=run, key=key, values=values(script="核" * 240))

    line = run_sheet(run).lines[0]
    assert (line.spoken_seconds, line.is_too_long) == (60, True)


def test_used_version_stays_and_the_change_makes_the_next(run):
    key, product = keys(run)[0], run_sheet(run).products[0].key
    save_segment(run=run, key=key, values=values(script="砸给您听", product=product))
    use(run)

    save_segment(run=run, key=key, values=values(script="掰开看仁", product=product))
    save_product(run=run, key=product, values={"name": "核桃", "price": Decimal("29.90")})

    first, second = run_sheet(run, 1), run_sheet(run, 2)
    assert [sheet.lines[0].segment.script for sheet in (first, second)] == ["砸给您听", "掰开看仁"]
    assert [sheet.products[0].price for sheet in (first, second)] == [None, Decimal("29.90")]
    assert [sheet.lines[0].segment.product.key for sheet in (first, second)] == [product, product]
    assert [line.segment.key for line in first.lines] == [line.segment.key for line in second.lines]
    assert run.versions.count() == 2


def test_removed_segment_closes_the_gap(run):
    before = keys(run)

    remove_segment(run=run, key=before[1])
    remove_segment(run=run, key=before[1])

    assert keys(run) == [before[0], *before[2:]]
    assert [line.segment.position for line in run_sheet(run).lines] == [1, 2, 3, 4, 5]


def test_last_segment_stays(host):
    run = start_run(person=host.person, blueprint=BLUEPRINTS["empty"], client_token=uuid.uuid4())

    with pytest.raises(LastSegment):
        remove_segment(run=run, key=keys(run)[0])


def test_unknown_segment_cannot_move(run):
    with pytest.raises(UnknownPart):
        move_segment(run=run, key=uuid.uuid4(), places=1)


def test_segments_end_somewhere(run):
    for _ in range(MAX_SEGMENTS - 6):
        save_segment(run=run, key=uuid.uuid4(), values=values())

    with pytest.raises(TooManySegments):
        save_segment(run=run, key=uuid.uuid4(), values=values())


def test_product_taken_out_leaves_its_segments(run):
    remove_product(run=run, key=run_sheet(run).products[0].key)

    sheet = run_sheet(run)
    assert sheet.products == []
    assert [line.segment.product for line in sheet.lines] == [None] * 6


def test_picture_of_a_product_is_kept_without_its_metadata(run):
    card = run_sheet(run).products[0]

    save_product(run=run, key=card.key, values={"name": "柚子"}, picture=check_file(photo("green").file))

    kept = run_sheet(run).products[0]
    assert kept.picture.name.endswith(f"{kept.picture_sha256}.jpg")
    with kept.picture.open() as picture:
        assert picture.read(3) == b"\xff\xd8\xff"


def test_run_put_away_is_out_of_the_list(host, run):
    put_away(run=run)

    assert list(runs_of(host.person)) == []


def test_deleted_person_leaves_nothing_she_wrote(host, run, django_capture_on_commit_callbacks):
    card = run_sheet(run).products[0]
    kept = save_product(
        run=run, key=card.key, values={"name": "柚子"}, picture=check_file(photo("green").file)
    ).picture

    with django_capture_on_commit_callbacks(execute=True):
        person_erased.send(sender=None, person=host.person)

    assert not RunOfShow.objects.exists()
    assert not kept.storage.exists(kept.name)


def test_list_says_title_segments_and_time(host, run):
    listed = runs_of(host.person).get()

    assert (listed.title, listed.segment_count, listed.seconds) == (run_sheet(run).version.title, 6, 300)


@pytest.mark.parametrize("seconds", [0, 3601])
def test_database_refuses_a_segment_of_no_length(run, seconds):
    with pytest.raises(IntegrityError), transaction.atomic():
        RunSegment.objects.update(planned_seconds=seconds)


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "up", "down", "remove", "use"]), st.integers(0, 9)), max_size=12
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_keeps_one_order_and_every_used_version(run, steps):
    """Positions are 1..n, no segment is lost or doubled, and what a rehearsal used never changes."""
    with transaction.atomic():
        expected, used = keys(run), {}
        for step, place in steps:
            _step(run, step, place, expected, used)
        lines = run_sheet(run).lines
        assert [line.segment.key for line in lines] == expected
        assert [line.segment.position for line in lines] == list(range(1, len(expected) + 1))
        for number, kept in used.items():
            assert [line.segment.key for line in run_sheet(run, number).lines] == kept
        transaction.set_rollback(True)


def _step(run, step, place, expected, used):
    key = expected[place % len(expected)]
    here = expected.index(key)
    if step == "add":
        expected.append(save_segment(run=run, key=uuid.uuid4(), values=values()).key)
    elif step == "use":
        use(run)
        used[run_sheet(run).version.number] = list(expected)
    elif step == "remove" and len(expected) > 1:
        remove_segment(run=run, key=key)
        expected.remove(key)
    elif step in {"up", "down"}:
        move_segment(run=run, key=key, places=-1 if step == "up" else 1)
        expected.insert(max(here + (-1 if step == "up" else 1), 0), expected.pop(here))
