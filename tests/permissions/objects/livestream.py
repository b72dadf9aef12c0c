"""A host's run-of-show, her rehearsals with their review, and live classes."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from courses.uploads import check_file
from livestream import raw
from livestream.blueprints import BLUEPRINTS
from livestream.queries import run_sheet
from livestream.services import save_product, start_rehearsal, start_run
from livestream.services.live_class import Plan, schedule_class
from livestream.services.reviews import show_remarks
from livestream.signing import media_token
from livestream.voice_notes import check_voice
from registry.private_files import private_storage
from tests.factories import courses as make
from tests.factories.registry import UserFactory
from tests.factories.reviews import ask, make_rehearsal, remark, voice_note
from tests.permissions.actors import HERE
from tests.permissions.objects.places import NOWHERE, Addresses


def make_rehearsing(world) -> None:
    person = world.enrolment.person
    world.run = start_run(person=person, blueprint=BLUEPRINTS["loop"], client_token=uuid4())
    card = run_sheet(world.run).products[0]
    picture = check_file(make.photo().file)
    save_product(run=world.run, key=card.key, values={"name": "柚子"}, picture=picture)
    world.sheet = run_sheet(world.run)
    world.session = start_rehearsal(person=person, run=world.run, client_token=uuid4())
    first = make_rehearsal(person, world.run)
    world.rehearsal = make_rehearsal(person, world.run, begun=first.ended_at)
    ask(world.rehearsal)
    voice = check_voice(voice_note())
    world.remark = remark(world.rehearsal, UserFactory(), voice=voice)
    show_remarks(session=world.rehearsal, author=world.remark.author, now=timezone.now())
    world.media_file = "hls/240p/live.m3u8"
    folder = f"{raw.FOLDER}/{world.session.uid}"
    private_storage().save(f"{folder}/{world.media_file}", ContentFile(b"#EXTM3U"))


def make_live_class(world) -> None:
    now = timezone.now()
    world.live_class = schedule_class(
        training_class=world.training_class,
        plan=Plan("在线答疑", now, 45),
        by=world.users[f"instructor-{HERE}"],
        client_token=uuid4(),
    )
    world.sent_class = schedule_class(
        training_class=world.training_class,
        plan=Plan("在线答疑二", now, 45),
        by=UserFactory(),
        client_token=uuid4(),
    )


def addresses(world) -> Addresses:
    return {
        "run": ({"uid": world.run.uid}, {"uid": NOWHERE}),
        "segment": (
            {"uid": world.run.uid, "key": world.sheet.lines[0].segment.key},
            {"uid": NOWHERE, "key": NOWHERE},
        ),
        "product": (
            {"uid": world.run.uid, "key": world.sheet.products[0].key},
            {"uid": NOWHERE, "key": NOWHERE},
        ),
        "session": ({"uid": world.session.uid}, {"uid": NOWHERE}),
        "rehearsal": ({"uid": world.rehearsal.uid}, {"uid": NOWHERE}),
        "remark": ({"uid": world.remark.uid}, {"uid": NOWHERE}),
        "chunk": ({"uid": world.session.uid, "part": 0, "seq": 0}, {"uid": NOWHERE, "part": 0, "seq": 0}),
        "media": (
            {
                "token": media_token(world.session.uid, timezone.now()),
                "uid": world.session.uid,
                "file": world.media_file,
            },
            {"token": "none", "uid": NOWHERE, "file": world.media_file},
        ),
        "live_class": ({"uid": world.live_class.uid}, {"uid": NOWHERE}),
        "sent_class": ({"uid": world.sent_class.uid}, {"uid": NOWHERE}),
    }
