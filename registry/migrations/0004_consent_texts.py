"""The first wording, so that no site is without one; the office may publish its own as version 2."""

from django.db import migrations
from django.utils import timezone

WORDING = {
    "zh-hans": (
        "下面几件事要您自己拿主意,一件一件地选。不同意也照样可以学习、拿证书。"
        "以后想收回,在“我的同意”里点一下就行,也可以到村里的服务站说一声。",
        {
            "id_matching": "可以用我的身份证号在县里的名单中找到我本人,不和别人弄混。号码加密保存。",
            "phone_follow_up": "培训以后,县里可以打电话问我学得怎么样、卖得怎么样。",
            "photos_in_ledger": "上课时拍的有我的照片,可以放进培训台账,只给检查的人看。",
            "success_story": "我学习和卖货的故事、照片,可以公开给大家看。",
            "export_to_province": "我的姓名和培训情况,可以报给省里。",
        },
    ),
    "en": (
        "Please decide for yourself, one by one. If you say no, you can learn and get your certificate all the "
        "same. You can take it back at any time under “My consents” or at your village station.",
        {
            "id_matching": "My ID number may be used to find me in the county's list and not mistake me for "
            "somebody else. It is kept encrypted.",
            "phone_follow_up": "After the training the county may call me to ask how learning and selling go.",
            "photos_in_ledger": "Photos of me in class may be kept in the training ledger, for inspectors only.",
            "success_story": "The story and photos of my learning and selling may be shown to everybody.",
            "export_to_province": "My name and my training may be reported to the province.",
        },
    ),
}


def publish(apps, schema_editor):
    """Add version 1 in both languages."""
    text = apps.get_model("registry", "ConsentText")
    for language, (introduction, items) in WORDING.items():
        text.objects.create(
            version=1,
            language=language,
            introduction=introduction,
            items=items,
            published_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_consent")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
