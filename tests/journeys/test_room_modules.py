"""The rehearsal room's modules one by one, in a real browser with a test camera and no site behind."""

import json
import mimetypes
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
MODULES = Path("livestream/static/livestream/js/room")
SITE = "http://localhost:9"
START = """
const imports = (...names) => Promise.all(names.map((name) => import(`/${name}.js`)));
const bytes = (...numbers) => new Uint8Array(numbers).buffer;
const chunk = (part, seq, more = {}) => ({
    session: "s", part, seq, bytes: bytes(part, seq), seconds: 1,
    mime: "video/webm", wallStart: "2026-06-01T08:00:00Z", ...more,
});
"""


class Server:
    """Answers in the browser's place: what it was sent, and what it says next."""

    def __init__(self):
        self.puts, self.posts, self.says = [], [], []

    def answer(self, route):
        request = route.request
        if request.method == "GET":
            return self.file(route)
        kept = self.puts if request.method == "PUT" else self.posts
        kept.append((request.url.removeprefix(SITE), request.headers, request.post_data_buffer or b""))
        said = self.says.pop(0) if self.says and request.method == "PUT" else 200
        if said == "lost":
            return route.abort("connectionreset")
        return route.fulfill(status=said, content_type="application/json", body="{}")

    @staticmethod
    def file(route):
        path = MODULES / route.request.url.removeprefix(f"{SITE}/")
        if not path.is_file():
            return route.fulfill(content_type="text/html", body="<!doctype html><title>room</title>")
        return route.fulfill(content_type=mimetypes.guess_type(path)[0], body=path.read_bytes())


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def run(browser, server):
    """A function that runs a script with the modules at hand and returns what it returns."""
    context = browser.new_context(permissions=["camera", "microphone"])
    context.set_default_timeout(15_000)
    context.route(f"{SITE}/**", server.answer)
    page = context.new_page()
    page.goto(SITE)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield lambda body: page.evaluate(f"async () => {{ {START} {body} }}")
    context.close()


def test_store_gives_back_in_order_and_counts(run):
    found = run("""
        const [{ Store }] = await imports("store");
        const store = await Store.open("me");
        for (const each of [chunk(1, 0), chunk(0, 0), chunk(0, 1)]) await store.add(each);
        const first = await store.next("s");
        await store.sent(first);
        const second = await store.next("s");
        return [first.part, first.seq, second.part, second.seq, second.mime, await store.unsent("s")];
    """)

    assert found == [0, 0, 0, 1, "video/webm", {"chunks": 2, "bytes": 4, "seconds": 2}]


def test_store_refuses_a_second_chunk_of_the_same_number(run):
    found = run("""
        const [{ Store }] = await imports("store");
        const store = await Store.open("me");
        await store.add(chunk(0, 0));
        const refused = await store.add(chunk(0, 0, { bytes: bytes(9) })).then(() => false, () => true);
        return [refused, (await store.unsent("s")).chunks];
    """)

    assert found == [True, 1]


def test_two_people_on_one_phone_have_two_stores(run):
    found = run("""
        const [{ Store }] = await imports("store");
        const [mine, hers] = [await Store.open("me"), await Store.open("her")];
        await mine.add(chunk(0, 0));
        return await hers.next("s");
    """)

    assert found is None


def test_nothing_is_left_of_what_is_sent_but_other_rehearsals_stay(run):
    found = run("""
        const [{ Store }] = await imports("store");
        const store = await Store.open("me");
        await store.add(chunk(0, 0));
        await store.add(chunk(0, 0, { session: "other" }));
        await store.forget("s");
        const kept = (await store.unsent("other")).chunks;
        await store.forget("other");
        return [kept, (await indexedDB.databases()).length];
    """)

    assert found == [1, 0]


def test_waits_grow_and_are_never_the_same_for_all(run):
    found = run("""
        const [{ Backoff }] = await imports("wait");
        const waits = (chance) => {
            const each = new Backoff({ chance: () => chance });
            return [...Array(8)].map(() => each.next());
        };
        return [waits(0), waits(1)];
    """)

    assert found[0] == [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]
    assert found[1] == [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]


def test_clock_believes_the_quickest_answer(run):
    found = run("""
        const [{ Clock }] = await imports("clock");
        const clock = new Clock(new Date(Date.now() + 600000).toISOString());
        clock.learn(new Date(Date.now() + 3600000).toISOString(), Date.now() - 100);
        clock.learn(new Date(Date.now() + 9900000).toISOString(), Date.now() - 5000);
        return Math.round((clock.now() - Date.now()) / 60000);
    """)

    assert found == 60


SENDING = """
    const [{ Store }, { Uploader }] = await imports("store", "uploader");
    const store = await Store.open("me");
    const urls = { chunk: "/room/parts/0/chunks/0/", marks: "/marks/", finish: "/finish/" };
    const uploader = new Uploader({ store, session: "s", urls, token: "t", freePart: () => 7 });
    Object.assign(uploader.backoff, { first: 1, longest: 2 });
    uploader.backoff.reset();
    const troubles = [];
    uploader.addEventListener("change", () => troubles.push(uploader.trouble));
"""


def test_every_chunk_arrives_with_its_hash_and_then_the_count(run, server):
    run(f"""{SENDING}
        await store.add(chunk(0, 0)); await store.add(chunk(0, 1)); await store.add(chunk(1, 0));
        await store.put("marks", {{ session: "s", kind: "asked", key: "1-how", at: "2026-06-01T08:00:05Z" }});
        uploader.hasEnded = true;
        await uploader.run();
    """)

    assert [path for path, _headers, _body in server.puts] == [
        "/room/parts/0/chunks/0/",
        "/room/parts/0/chunks/1/",
        "/room/parts/1/chunks/0/",
    ]
    _path, headers, body = server.puts[0]
    assert body == b"\x00\x00"
    assert headers["x-chunk-sha256"] == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
    assert headers["x-wall-start"] == "2026-06-01T08:00:00Z"
    assert headers["x-csrftoken"] == "t"
    marks, finish = (json.loads(body) for _path, _headers, body in server.posts)
    assert marks == {"marks": [{"kind": "asked", "key": "1-how", "at": "2026-06-01T08:00:05Z"}]}
    assert finish["parts"] == [
        {"part": 0, "chunks": 2, "seconds": 2, "wall_start": "2026-06-01T08:00:00Z"},
        {"part": 1, "chunks": 1, "seconds": 1, "wall_start": "2026-06-01T08:00:00Z"},
    ]


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ("lost", "later"),
        (503, "later"),
        (429, "later"),
        (422, "damaged"),
        (507, "full"),
        (403, "signed-out"),
    ],
)
def test_chunk_stays_until_the_server_has_it(run, server, said, trouble):
    server.says = [said, said, 200]

    found = run(f"""{SENDING}
        await store.add(chunk(0, 0));
        uploader.hasEnded = true;
        await uploader.run();
        return [troubles, (await indexedDB.databases()).length];
    """)

    assert found == [[trouble, trouble, "", ""], 0]
    assert len(server.puts) == 3


def test_database_that_would_not_answer_is_asked_again(run, server):
    run(f"""{SENDING}
        await store.add(chunk(0, 0));
        const next = store.next.bind(store);
        let hasFailed = false;
        store.next = async (session) => {{
            if (!hasFailed) {{ hasFailed = true; throw new Error("closing"); }}
            return next(session);
        }};
        uploader.hasEnded = true;
        await uploader.run();
    """)

    assert len(server.puts) == 1


@pytest.mark.parametrize(("said", "trouble"), [(410, "over"), (404, "gone"), (413, "refused")])
def test_rehearsal_that_takes_no_more_leaves_the_rest_on_the_phone(run, server, said, trouble):
    server.says = [said]

    found = run(f"""{SENDING}
        await store.add(chunk(0, 0));
        await uploader.run();
        return [uploader.trouble, (await store.unsent("s")).chunks];
    """)

    assert found == [trouble, 1]
    assert len(server.puts) == 1


def test_part_whose_number_another_phone_took_gets_a_free_one(run, server):
    server.says = [409]

    run(f"""{SENDING}
        await store.add(chunk(0, 0)); await store.add(chunk(0, 1));
        uploader.hasEnded = true;
        await uploader.run();
    """)

    assert [path for path, _headers, _body in server.puts[1:]] == [
        "/room/parts/7/chunks/0/",
        "/room/parts/7/chunks/1/",
    ]


def test_full_phone_keeps_in_memory_and_says_so_until_there_is_room(run):
    found = run("""
        const [{ Keeper }] = await imports("keeper");
        let isFull = true;
        const kept = [];
        const store = {
            async add(each) { if (isFull) throw new Error("quota"); kept.push(each.seq); },
            unsent: async () => ({ chunks: 0, bytes: 0, seconds: 0 }),
        };
        const keeper = new Keeper(store, "s");
        let wasTold = 0;
        keeper.addEventListener("full", () => { wasTold += 1; });
        await keeper.keep(chunk(0, 0));
        await keeper.keep(chunk(0, 1));
        const held = await keeper.unsent();
        isFull = false;
        await keeper.flush();
        return [wasTold, held.chunks, kept, (await keeper.unsent()).chunks];
    """)

    assert found == [2, 2, [0, 1], 0]


def test_recorder_turns_the_tape_without_a_gap_and_every_part_plays_by_itself(run):
    found = run("""
        const [{ Recorder, supportedType }] = await imports("recorder");
        const wanted = { video: { width: 320, height: 240 }, audio: true };
        const stream = await navigator.mediaDevices.getUserMedia(wanted);
        const kept = [];
        let number = 0;
        const recorder = new Recorder({ type: supportedType(), partSeconds: 2, nextPart: () => number++,
            clock: { text: () => new Date().toISOString() }, keep: async (each) => kept.push(each) });
        await recorder.start(stream);
        await new Promise((resolve) => setTimeout(resolve, 3200));
        await recorder.stop();
        return kept.map(({ part, seq, seconds, bytes }) => ({
            part, seq, seconds, head: [...new Uint8Array(bytes.slice(0, 4))] }));
    """)

    firsts = [chunk for chunk in found if chunk["seq"] == 0]
    assert [chunk["part"] for chunk in firsts] == [0, 1]
    assert all(chunk["head"] == [0x1A, 0x45, 0xDF, 0xA3] for chunk in firsts)  # how a WebM file begins
    for part in (0, 1):
        assert [chunk["seq"] for chunk in found if chunk["part"] == part] == list(
            range(sum(chunk["part"] == part for chunk in found))
        )
    assert sum(chunk["seconds"] for chunk in found if chunk["part"] == 0) > 2  # reaches into the next


def test_plan_moves_with_the_host_and_asks_in_time(run):
    found = run("""
        const [{ Plan }] = await imports("plan");
        const segments = [{ title: "a", starts: 0, seconds: 30 }, { title: "b", starts: 30, seconds: 60 }];
        const audience = [{ key: "1", second: 4 }, { key: "2", second: 20 }, { key: "3", second: 34 }];
        const plan = new Plan(segments, audience);
        const asked = [];
        plan.addEventListener("remark", ({ detail }) => asked.push([detail.key, plan.seconds]));
        plan.tick(5); plan.tick(5);
        plan.move(1);
        plan.tick(3); plan.tick(2);
        const again = new Plan(segments, audience);
        again.restore({ index: 1, before: 10, seconds: 15 });
        again.addEventListener("remark", () => asked.push("twice"));
        again.tick(1);
        plan.tick(60);
        return [asked, plan.isLate, plan.next, again.inSegment];
    """)

    assert found == [[["1", 5], ["3", 15]], True, None, 6]


@pytest.mark.parametrize(
    ("state", "grade", "text"),
    [
        ({"unsent": {"chunks": 0, "bytes": 0, "seconds": 0}}, "ok", "all"),
        ({"unsent": {"chunks": 3, "bytes": 900_000, "seconds": 11.2}}, "ok", "12 s 0.9 MB"),
        ({"unsent": {"chunks": 3, "bytes": 900_000, "seconds": 40}}, "warning", "40 s 0.9 MB"),
        (
            {"unsent": {"chunks": 3, "bytes": 1, "seconds": 2}, "isOnline": False},
            "warning",
            "2 s 0.0 MB offline",
        ),
        ({"unsent": {"chunks": 3, "bytes": 1, "seconds": 2}, "trouble": "full"}, "error", "2 s 0.0 MB full"),
        ({"unsent": {"chunks": 3, "bytes": 1, "seconds": 2}, "isFull": True}, "error", "phone full 2"),
    ],
)
def test_state_is_told_as_it_is(run, state, grade, text):
    texts = {
        "state-sent": "all",
        "state-unsent": "%(seconds)s s %(megabytes)s MB",
        "state-phone-full": "phone full %(seconds)s",
        "trouble-offline": "offline",
        "trouble-full": "full",
    }
    state = {"trouble": "", "isOnline": True, "isFull": False, **state}

    found = run(f"""
        const [{{ statusOf }}] = await imports("status");
        return statusOf({json.dumps(state)}, {json.dumps(texts)});
    """)

    assert found == {"grade": grade, "text": text}
