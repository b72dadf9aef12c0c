from django.db import migrations, models


# Days kept and why; the office may change them.
RULES = [
    ("raw_recordings", 30, "个人信息保护法第十九条:成片可看,原始片段不再需要"),
    ("rehearsal_recordings", 365, "个人信息保护法第十九条:点评和复练所需的时间"),
]


def add_rules(apps, schema_editor):
    """Write the rules of recordings."""
    rule = apps.get_model("registry", "RetentionRule")
    for subject, days, source in RULES:
        rule.objects.get_or_create(subject=subject, defaults={"keep_days": days, "source": source})


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_privacy_desk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="retentionrule",
            name="subject",
            field=models.CharField(
                choices=[
                    ("roster_files", "roster files and their refused rows"),
                    ("abandoned_rosters", "uploaded rosters that were never applied"),
                    ("sent_messages", "sent text messages"),
                    ("reveal_grants", "leaves to see a number"),
                    ("export_files", "exported lists"),
                    ("data_copies", "copies of one's own data"),
                    ("wishes", "the words of decided requests"),
                    ("sign_in_photos", "sign-in photos"),
                    ("raw_recordings", "raw parts of recordings that can be watched"),
                    ("rehearsal_recordings", "recordings of rehearsals"),
                ],
                max_length=30,
                unique=True,
                verbose_name="what",
            ),
        ),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
