from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def test_accounts_are_told_without_loading_anything():
    out = StringIO()

    call_command("load_demo", "--accounts", stdout=out)

    assert "office" in out.getvalue()
    assert "19900000001" in out.getvalue()


def test_demo_is_refused_on_the_real_site(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_demo")
