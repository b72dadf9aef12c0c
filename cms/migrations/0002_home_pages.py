"""Put an empty home page in each language where Wagtail leaves its welcome page."""

import uuid

from django.db import migrations

LANGUAGES = [("zh-hans", "home", "村播学堂"), ("en", "home-en", "Cunbo")]


def make_home_pages(apps, schema_editor):
    """Historical models know nothing of trees, so paths are written as treebeard would write them."""
    content_type_model = apps.get_model("contenttypes", "ContentType")
    page_model = apps.get_model("wagtailcore", "Page")
    site_model = apps.get_model("wagtailcore", "Site")
    locale_model = apps.get_model("wagtailcore", "Locale")
    home_model = apps.get_model("cms", "HomePage")
    page_model.objects.filter(depth=2, content_type__app_label="wagtailcore").delete()  # the welcome page
    content_type, _ = content_type_model.objects.get_or_create(model="homepage", app_label="cms")
    translation_key = uuid.uuid4()
    homes = []
    for number, (code, slug, title) in enumerate(LANGUAGES, start=1):
        locale, _ = locale_model.objects.get_or_create(language_code=code)
        homes.append(
            home_model.objects.create(
                title=title,
                draft_title=title,
                slug=slug,
                content_type=content_type,
                path=f"0001{number:04d}",
                depth=2,
                numchild=0,
                url_path=f"/{slug}/",
                show_in_menus=False,
                locale=locale,
                translation_key=translation_key,
            )
        )
    page_model.objects.filter(depth=1).update(numchild=len(homes))
    site_model.objects.create(
        hostname="localhost", port=80, site_name="村播学堂", root_page_id=homes[0].pk, is_default_site=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(make_home_pages, migrations.RunPython.noop, elidable=False)]
