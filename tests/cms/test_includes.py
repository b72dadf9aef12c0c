from django import forms
from django.template.loader import render_to_string

from cms.forms import PatternForm


class OptionalForm(forms.Form):
    name = forms.CharField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def field_of(form: forms.Form, name: str) -> str:
    return render_to_string("includes/field.html", {"field": form[name]})


def test_field_ties_help_and_error_to_the_input():
    html = field_of(PatternForm({"phone": "1"}), "phone")

    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html
    assert 'id="id_phone_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_of_choices_is_a_fieldset_with_a_legend():
    html = field_of(PatternForm(), "kind")

    assert "<fieldset" in html
    assert "<legend>" in html


def test_field_with_one_checkbox_puts_the_label_behind_it():
    html = field_of(PatternForm(), "consent")

    assert html.index("<input") < html.index("<span>")


def test_field_that_may_stay_empty_says_so():
    assert "field__optional" in field_of(OptionalForm(), "name")


def test_field_that_is_hidden_has_no_label():
    assert "<label" not in field_of(OptionalForm(), "token")
