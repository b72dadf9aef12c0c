import uuid

import pytest
from django.urls import reverse

from livestream.blueprints import BLUEPRINTS
from livestream.models import RunOfShow
from livestream.queries import run_sheet
from livestream.services import save_segment, start_run
from tests.factories.courses import photo

pytestmark = pytest.mark.django_db
PARTS = ["segment", "segment_change", "product", "product_discard", "product_picture"]
WHOLE = ["run", "run_print", "run_rename", "run_discard", "segment_add", "product_add"]
SEGMENT = {
    "kind": "hook",
    "minutes": "0",
    "seconds": "40",
    "script": "这颗核桃,我当场砸给您听。",
    "cue": "举锤",
    "product": "",
}


def address(name, run, key=None):
    return reverse(f"livestream:{name}", args=[run.uid, key] if key else [run.uid])


@pytest.fixture
def signed_in(client, host):
    client.force_login(host)
    return client


def first(run):
    return run_sheet(run).lines[0].segment


def test_runs_ask_a_visitor_to_sign_in(client, db):
    assert client.get("/rehearse/runs/").url == "/account/login/?next=/rehearse/runs/"


def test_login_without_a_person_says_who_she_is_first(client, db):
    from tests.factories.courses import make_user

    client.force_login(make_user())

    assert client.get("/rehearse/runs/").url == "/people/register/?next=%2Frehearse%2Fruns%2F"


def test_same_beginning_sent_twice_makes_one(signed_in):
    sent = {"blueprint": "loop", "client_token": str(uuid.uuid4())}

    answers = [signed_in.post("/rehearse/runs/", sent) for _ in "ab"]

    assert answers[0].url == answers[1].url == address("run", RunOfShow.objects.get())


def test_unknown_blueprint_gets_an_answer(signed_in):
    answer = signed_in.post("/rehearse/runs/", {"blueprint": "x", "client_token": "y"})

    assert (answer.status_code, RunOfShow.objects.count()) == (200, 0)
    assert "请再试一次" in answer.content.decode()


@pytest.mark.parametrize("name", WHOLE + PARTS)
def test_foreign_run_and_no_run_look_the_same(client, other_host, run, name):
    client.force_login(other_host)
    key = first(run).key if name in PARTS else None

    there = client.get(address(name, run, key))
    run.uid = uuid.uuid4()
    nowhere = client.get(address(name, run, key))

    assert there.status_code == nowhere.status_code
    assert there.status_code in {404, 405}


def test_sheet_shows_what_is_said_and_what_is_risky(signed_in, run):
    save_segment(
        run=run,
        key=first(run).key,
        values={"kind": "hook", "planned_seconds": 30, "script": "全国第一", "cue": "", "product": None},
    )

    page = signed_in.get(address("run", run)).content.decode()

    assert "<mark>全国第一</mark>" in page
    assert "1 个词可能会被罚" in page


def test_segment_is_saved(signed_in, run):
    key = first(run).key

    answer = signed_in.post(address("segment", run, key), SEGMENT)

    assert answer.url == f"{address('run', run)}#segment-{key}"
    assert (first(run).planned_seconds, first(run).cue) == (40, "举锤")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes": "0", "seconds": "0"}, "一段最少 1 秒，最多 1 小时"),
        ({"minutes": "60", "seconds": "1"}, "一段最少 1 秒，最多 1 小时"),
        ({"kind": "x"}, "x"),
        ({"product": str(uuid.uuid4())}, "选择"),
    ],
)
def test_wrong_segment_is_answered_and_not_saved(signed_in, run, change, message):
    answer = signed_in.post(address("segment", run, first(run).key), SEGMENT | change)

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert first(run).script == ""


def test_segment_moves_and_goes(signed_in, run):
    before = [line.segment.key for line in run_sheet(run).lines]

    signed_in.post(address("segment_change", run, before[0]), {"step": "down"})
    signed_in.post(address("segment_change", run, before[2]), {"step": "remove"})
    signed_in.post(address("segment_change", run, before[1]), {"step": "sideways"})

    after = [line.segment.key for line in run_sheet(run).lines]
    assert after == [before[1], before[0], *before[3:]]


def test_last_segment_says_why_it_stays(signed_in, host):
    run = start_run(person=host.person, blueprint=BLUEPRINTS["empty"], client_token=uuid.uuid4())

    answer = signed_in.post(address("segment_change", run, first(run).key), {"step": "remove"}, follow=True)

    assert "至少要留一段" in answer.content.decode()


def test_product_with_a_picture_is_saved_and_shown_to_her_alone(signed_in, client, run, other_host):
    key = uuid.uuid4()
    sent = {"name": "柚子", "price": "29.90", "photo": photo("orange")}

    assert signed_in.post(address("product", run, key), sent).status_code == 302

    picture = signed_in.get(address("product_picture", run, key))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(picture.streaming_content).startswith(b"\xff\xd8\xff")
    client.force_login(other_host)
    assert client.get(address("product_picture", run, key)).status_code == 404


def test_product_without_a_picture_has_none(signed_in, run):
    assert signed_in.get(address("product_picture", run, run_sheet(run).products[0].key)).status_code == 404


@pytest.mark.parametrize(("price", "is_saved"), [("-1", False), ("0", False), ("", True), ("12.5", True)])
def test_price_must_be_above_zero(signed_in, run, price, is_saved):
    answer = signed_in.post(
        address("product", run, run_sheet(run).products[0].key), {"name": "柚子", "price": price}
    )

    assert answer.status_code == (302 if is_saved else 200)


def test_file_that_is_no_picture_is_answered(signed_in, run):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"name": "柚子", "photo": SimpleUploadedFile("a.jpg", b"not a picture")}

    answer = signed_in.post(address("product", run, run_sheet(run).products[0].key), sent)

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()


def test_run_is_renamed_printed_and_put_away(signed_in, run):
    signed_in.post(address("run_rename", run), {"title": "柚子专场"})
    assert "柚子专场" in signed_in.get(address("run_print", run)).content.decode()

    signed_in.post(address("run_discard", run))

    assert signed_in.get(address("run", run)).status_code == 404
    assert "柚子专场" not in signed_in.get("/rehearse/runs/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(signed_in, host, django_assert_num_queries, count):
    for _ in range(count):
        start_run(person=host.person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4())
    signed_in.get("/rehearse/runs/")

    with django_assert_num_queries(4):
        signed_in.get("/rehearse/runs/")


@pytest.mark.parametrize("blueprint", ["loop", "evening"])
def test_sheet_asks_the_same_number_of_queries(signed_in, host, django_assert_num_queries, blueprint):
    run = start_run(person=host.person, blueprint=BLUEPRINTS[blueprint], client_token=uuid.uuid4())
    signed_in.get(address("run", run))

    with django_assert_num_queries(7):
        signed_in.get(address("run", run))
