"""What a visitor types to find a place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField

LONGEST_PLACE = 120


class PlaceForm(forms.Form):
    """A street, an address, a postcode or an area."""

    q = LineField(label=_("Street or postcode"), max_length=LONGEST_PLACE)
