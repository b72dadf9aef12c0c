from django.db import migrations, models

# Cells follow from facts and are written with them: all are worked out anew at the first read.
ANEW = """
TRUNCATE county_countedplace, county_classcell;
INSERT INTO county_stalefact (kind, key) SELECT 'C', id FROM courses_trainingclass;
"""
# Cells are added to again and again. With room beside them, and no index over what is added to, a page keeps
# itself clean, and no index grows. And the planner has to know that single courses have cells of their own,
# else it takes a level for larger than it is and reads all of them.
CARE = """
ALTER TABLE county_countcell SET (fillfactor = 80);
ALTER TABLE county_classcell SET (fillfactor = 80);
CREATE STATISTICS county_cells_of_a_level (mcv) ON view, level, course_id, category FROM county_countcell;
"""
NO_CARE = """
ALTER TABLE county_countcell RESET (fillfactor);
ALTER TABLE county_classcell RESET (fillfactor);
DROP STATISTICS county_cells_of_a_level;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("county", "0008_targets_and_saved_views"),
    ]

    operations = [
        migrations.RunSQL(ANEW, ANEW),
        migrations.DeleteModel(name="CountCell"),
        migrations.CreateModel(
            name="CountCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "view",
                    models.CharField(
                        choices=[
                            ("t", "origin as then"),
                            ("n", "origin as now"),
                            ("p", "place of the class"),
                            ("f", "who pays"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        help_text="0 is the nation.", verbose_name="length of the code"
                    ),
                ),
                ("code", models.CharField(blank=True, db_collation="C", max_length=9)),
                ("course_id", models.BigIntegerField(verbose_name="course, or 0: all")),
                (
                    "month",
                    models.SmallIntegerField(
                        verbose_name="twelve times the year, plus the months before this one in it"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="category of the course, or empty: all"
                    ),
                ),
                (
                    "previous",
                    models.SmallIntegerField(
                        help_text="The last before this one that a reading held in; 0: never before.",
                        verbose_name="month before",
                    ),
                ),
                ("heads", models.IntegerField(verbose_name="people counted in the month")),
                ("poor_heads", models.IntegerField()),
                ("registered_heads", models.IntegerField()),
                ("monitored_heads", models.IntegerField()),
                ("aided_heads", models.IntegerField()),
                (
                    "open_heads",
                    models.IntegerField(verbose_name="people in classes that are not for officials"),
                ),
                (
                    "open_poor_heads",
                    models.IntegerField(verbose_name="those registered poor in one of them"),
                ),
                ("completed_heads", models.IntegerField()),
                ("sold_before", models.IntegerField(verbose_name="those who sold online before the class")),
                (
                    "due_or_sold_before",
                    models.IntegerField(verbose_name="those, and those whose 180 days are over"),
                ),
                (
                    "converted_or_sold_before",
                    models.IntegerField(verbose_name="those, and those with a verified outcome in time"),
                ),
                ("women", models.IntegerField()),
                ("unverified", models.IntegerField()),
                ("under_35", models.IntegerField()),
                ("from_35_to_59", models.IntegerField()),
                ("from_60", models.IntegerField()),
                ("enrolled", models.IntegerField()),
                ("in_training", models.IntegerField()),
                ("person_times", models.IntegerField()),
                ("poor_person_times", models.IntegerField()),
                ("poor_at_completion", models.IntegerField()),
                ("completed", models.IntegerField()),
                ("certificates", models.IntegerField()),
                ("repeats", models.IntegerField()),
                ("minutes", models.BigIntegerField()),
                ("days", models.IntegerField()),
                (
                    "open_person_times",
                    models.IntegerField(verbose_name="person-times outside classes for officials"),
                ),
                (
                    "open_poor_person_times",
                    models.IntegerField(verbose_name="those by people registered poor"),
                ),
            ],
            options={
                "verbose_name": "count cell",
                "verbose_name_plural": "count cells",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "view",
                            "level",
                            "course_id",
                            "category",
                            "code",
                            "month",
                            "previous",
                        ),
                        name="people_alike_have_one_cell",
                    )
                ],
            },
        ),
        migrations.RemoveIndex(model_name="classcell", name="empty_class_cell"),
        migrations.AlterField(
            model_name="classcell",
            name="code",
            field=models.CharField(blank=True, db_collation="C", max_length=9),
        ),
        migrations.RunSQL(CARE, NO_CARE),
    ]
