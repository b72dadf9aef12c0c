from django.db import migrations, models

# Cells follow from facts and are written with them: all are worked out anew at the first read.
ANEW = """
TRUNCATE county_countedplace, county_countcell, county_classcell;
INSERT INTO county_stalefact (kind, key)
SELECT 'C', id FROM courses_trainingclass ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("county", "0010_uses_of_the_list_of_counties"),
    ]

    operations = [
        migrations.AlterField(
            model_name="classcell",
            name="code",
            field=models.CharField(blank=True, db_collation="C", max_length=12),
        ),
        migrations.AlterField(
            model_name="countcell",
            name="code",
            field=models.CharField(blank=True, db_collation="C", max_length=12),
        ),
        migrations.RunSQL(ANEW, ANEW),
    ]
