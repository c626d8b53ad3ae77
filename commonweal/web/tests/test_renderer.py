"""Lists to choose from are written as Django writes them, only faster."""

import re

from django import forms
from django.forms.renderers import DjangoTemplates

from commonweal.web.renderer import Renderer

CHOICES = [("", "–"), ("x<", "X & y"), ("G & H", [("1", "one"), (2, 't"wo')])]


def _written(renderer, **attributes):
    class Form(forms.Form):
        a = forms.ChoiceField(
            choices=CHOICES, initial=2, required=False, widget=forms.Select(attrs=attributes)
        )

    html = str(Form(renderer=renderer)["a"].as_widget())
    return re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", "", html))


def test_a_select_is_the_same_html_as_djangos():
    for attributes in ({}, {"class": 'q"', "disabled": True, "required": False, "data-n": 3}):
        assert _written(Renderer(), **attributes) == _written(DjangoTemplates(), **attributes)
