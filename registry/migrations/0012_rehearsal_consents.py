"""Three items more, each asked for by itself: recording a rehearsal, fellow trainees watching, showing it."""

from django.db import migrations, models
from django.utils import timezone

WORDING = {
    "zh-hans": {
        "record_rehearsal": "我在这里排练时,可以录下我的画面和声音,只给我和教我的老师看,用来改进。"
        "我随时可以收回,收回后录像就不再给人看,并且删掉。",
        "peers_watch": "同班学员也可以看我的排练录像,互相学习。",
        "showcase_rehearsal": "我的排练录像可以当作例子公开给大家看;公开前还会再问我一次。",
    },
    "en": {
        "record_rehearsal": "When I rehearse here, my picture and my voice may be recorded, for me and my "
        "coaches only, so that I get better. I can take it back at any time; then the recording is shown to "
        "nobody any more and is removed.",
        "peers_watch": "Trainees of my class may watch my rehearsals too, so that we learn from each other.",
        "showcase_rehearsal": "A rehearsal of mine may be shown to everybody as an example; I am asked once "
        "more before it is.",
    },
}
ITEMS = [
    ("id_matching", "ID number for finding her in the roster"),
    ("phone_follow_up", "calls after the training"),
    ("photos_in_ledger", "photos in the training ledger"),
    ("success_story", "her story in public"),
    ("export_to_province", "handing on to the province"),
    ("record_rehearsal", "recording her rehearsals"),
    ("peers_watch", "fellow trainees watch her rehearsals"),
    ("showcase_rehearsal", "her rehearsals shown in public"),
]


def publish(apps, schema_editor):
    """Add to the newest wording in each language what is new, as the next version."""
    text = apps.get_model("registry", "ConsentText")
    version = text.objects.order_by("-version").values_list("version", flat=True)[0] + 1
    for language, items in WORDING.items():
        newest = text.objects.filter(language=language).order_by("-version").first()
        if newest is None:
            continue
        text.objects.create(
            version=version,
            language=language,
            introduction=newest.introduction,
            items=newest.items | items,
            published_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_recording_retention")]
    operations = [
        migrations.AlterField("consentitem", "item", models.CharField("item", max_length=30, choices=ITEMS)),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
