"""Wagtail's widgets name what is to be started instead of starting it in an inline script."""

import json

import pytest
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminPageChooser, AdminTimeInput
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.images.widgets import AdminImageChooser


@pytest.mark.parametrize(
    ("widget", "starter"),
    [
        (AdminDateInput(), "initDateChooser"),
        (AdminTimeInput(), "initTimeChooser"),
        (AdminDateTimeInput(), "initDateTimeChooser"),
    ],
)
def test_date_widgets_carry_their_options(widget, starter):
    html = widget.render("day", None, {"id": "id_day"})

    assert "<script" not in html
    assert f'data-admin-init="{starter}"' in html
    assert "data-options=" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("widget", "starter"),
    [
        (AdminPageChooser(), "PageChooser"),
        (AdminImageChooser(), "ImageChooser"),
        (AdminTaskChooser(), "createTaskChooser"),
    ],
)
def test_choosers_carry_their_options(widget, starter):
    html = widget.render("thing", None, {"id": "id_thing"})

    assert "<script" not in html
    assert f'data-admin-init="{starter}" data-for="id_thing"' in html


def test_widgets_still_have_the_options_wagtail_gives_them():
    assert json.loads(AdminDateInput().get_context("day", None, {"id": "a"})["widget"]["config_json"])
