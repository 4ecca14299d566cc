import pytest
from django import forms
from django.test.html import parse_html

from nucleo.forms import LongSelect

CHOICES = [("", "Ninguna"), (1, "Uno & dos"), (2, '<b>"Tres"</b>')]


@pytest.mark.parametrize("value", ["", None, 1, "2", 99])
@pytest.mark.parametrize("required", [True, False])
def test_a_long_select_says_what_djangos_says(value, required):
    def html(widget):
        class Form(forms.Form):
            institution = forms.ChoiceField(
                choices=CHOICES, widget=widget, required=required, help_text="Escoja."
            )

        return str(Form(initial={"institution": value})["institution"])

    assert parse_html(html(LongSelect)) == parse_html(html(forms.Select))
