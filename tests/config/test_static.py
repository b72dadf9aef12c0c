"""What pages ask for under /static/ is there: in production a missing name is an error page."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import override_settings

_USE = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


def uses():
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        for name in _USE.findall(path.read_text()):
            yield pytest.param(name, id=f"{path.name}:{name}")


@pytest.mark.parametrize("name", uses())
def test_static_file_of_a_template_is_there(name):
    assert finders.find(name), f"{name}: no such file, or `make setup` has not fetched it"


def test_static_files_refer_only_to_files_that_are_there(tmp_path):
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

    with override_settings(STATIC_ROOT=tmp_path):
        storage = ManifestStaticFilesStorage(location=tmp_path)
        ours = [
            (name, (storage_of, name))
            for finder in finders.get_finders()
            for name, storage_of in finder.list([])
            if name.partition("/")[0] in settings.OUR_APPS
        ]
        for name, (source, _) in ours:
            with source.open(name) as file:
                storage.save(name, file)
        problems = [
            str(done) for _, _, done in storage.post_process(dict(ours)) if isinstance(done, Exception)
        ]

    assert problems == []
