"""Where: an area from the list, a street or postcode found in the network's own index, or a square on the map."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commonweal.algorithms.places import Cell, NotOnEarth, cell_of, distance_m
from commonweal.base.forms import LineField
from commonweal.exchange.forms.choices import give_choices
from commonweal.networks.models import Area, Network
from commonweal.networks.places.gazetteer import Place
from commonweal.networks.queries import areas_of, find_places

LONGEST_STREET = 120
#: A square on the map farther than this from every area is a slip of the finger or made up.
FARTHEST_M = 50_000
#: An area may well reach to a square that the middles of so many other areas are nearer to.
NEIGHBOURS = 3


def place_key(place: Place) -> str:
    """What stands for a found place in a form: enough to know it again when the same words are looked up."""
    return f"{place.lat:.5f},{place.lon:.5f}"


class _Found(forms.ChoiceField):
    """A choice among what was found; one that is not among them (any more) is none."""

    def valid_value(self, value: Any) -> bool:
        """Anything: what is not among the places that are found again is left out by the form."""
        return True


class WhereFields(forms.Form):
    """The fields that say where. ``at``, ``cell`` and ``place`` hold the answer once the form is valid.

    Nobody outside is asked. What was typed is looked up again when the form comes in, so that a place in a form is
    always one of the index or a square that the sender chose themselves.
    """

    area = forms.ChoiceField(
        label=_("Where?"),
        error_messages={
            "invalid_choice": _("This area isn't on our list. Please choose another one."),
            "required": _("Where is it, roughly? Choose an area, or type a street or a postcode."),
        },
    )
    street = LineField(
        label=_("Street or postcode"),
        required=False,
        max_length=LONGEST_STREET,
        widget=forms.TextInput(
            attrs={
                "hx-post": reverse_lazy("exchange:places"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#found",
                "hx-params": "street,csrfmiddlewaretoken",
                "hx-sync": "this:replace",
            }
        ),
    )
    found = _Found(label=_("Which of these is it?"), required=False, widget=forms.RadioSelect)
    square = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    network: Network
    areas: Sequence[Area]
    places: Sequence[Place] = ()
    looked = False
    map_shown = False
    at: Area | None = None
    cell: Cell | None = None
    place: dict[str, Any]

    def prepare_where(self, network: Network, kept: dict[str, Any] | None = None) -> None:
        """Give the fields this network's areas. ``kept`` is the place said before: it stands while its words do."""
        self.network, self.areas, self.kept, self.place = network, areas_of(network), kept or {}, {}
        named = ((area.slug, area.name) for area in self.areas)
        give_choices(self.fields["area"], [("", _("Choose an area…")), *named])
        said_otherwise = any(self.data.get(name, "").strip() for name in ("street", "square"))
        self.fields["area"].required = bool(self.areas) and not said_otherwise

    @property
    def picker(self) -> str:
        """The ids of the fields that a press on the map fills."""
        return f"{self['area'].id_for_label} {self['square'].id_for_label}"

    def look_up(self, street: str) -> Sequence[Place]:
        """Find what was typed and offer it as choices."""
        self.looked, self.places = bool(street), find_places(self.network, street) if street else []
        give_choices(self.fields["found"], ((place_key(place), place.label) for place in self.places))
        if len(self.places) == 1 and self.places[0].exact:
            self.initial["found"] = place_key(self.places[0])
        return self.places

    def clean(self) -> dict[str, Any] | None:
        """Work out the place from what was said most exactly: the street, the square on the map, the area."""
        cleaned = super().clean()
        if self.errors.keys() & {"area", "street", "found", "square"}:
            return cleaned
        self.at = next((area for area in self.areas if area.slug == self.cleaned_data["area"]), None)
        street = self.cleaned_data["street"]
        if self.kept and street and street == self.kept.get("text"):
            self._take(self.kept)
        elif street:
            self._from_street(street)
        else:
            self.cell = self._around()
            self.at = self.at or (self._by_distance(self.cell)[0] if self.cell else None)
        return cleaned

    def _from_street(self, street: str) -> None:
        places = self.look_up(street)
        chosen = [place for place in places if place_key(place) == self.cleaned_data["found"]]
        here = [place for place in places if self.at and place.area_slug == self.at.slug]
        fitting = chosen or (here if len(here) == 1 else places)
        if len(fitting) == 1 and (chosen or fitting[0].exact):
            place = fitting[0]
            text = street if place.kind == "address" else place.label
            self._take({"text": text, "lat": place.lat, "lon": place.lon}, place.area_slug)
        elif places and not self.cleaned_data["square"]:
            self.add_error("found", _("Which of these is it?"))
        elif cell := self._around():
            # Not on our map, but the helper can read it: better than sending anybody away.
            self.place, self.cell = {"text": street}, cell
        else:
            self.add_error("street", _("We can't find that. Choose an area above; this still goes along."))

    def _around(self) -> Cell | None:
        """The square that was pressed on the map, else the middle of the area; None where neither was said."""
        pressed = self.cleaned_data["square"]
        if not pressed:
            return (self.at.cell_y, self.at.cell_x) if self.at else None
        try:
            y, x = (int(part) for part in pressed.split(","))
            near = self._by_distance((y, x))
        except (ValueError, NotOnEarth):
            near = []
        if not near or distance_m((y, x), (near[0].cell_y, near[0].cell_x)) > FARTHEST_M:
            self.add_error("area", _("That is outside our areas. Choose one from the list."))
            return None
        # Another area was chosen from the list after the map was pressed: the list is the later word.
        if self.at and self.at not in near[:NEIGHBOURS]:
            return self.at.cell_y, self.at.cell_x
        return y, x

    def _take(self, place: dict[str, Any], area_slug: str = "") -> None:
        """Hold on to a place, its cell, and its area: the one it lies in, else the chosen one, else the nearest."""
        self.place = place
        if "lat" not in place:
            self.cell = (self.at.cell_y, self.at.cell_x) if self.at else None
            return
        self.cell = cell_of(place["lat"], place["lon"])
        by_name = next((area for area in self.areas if area.slug == area_slug), None)
        self.at = by_name or self.at or next(iter(self._by_distance(self.cell)), None)

    def _by_distance(self, cell: Cell) -> list[Area]:
        return sorted(self.areas, key=lambda area: distance_m(cell, (area.cell_y, area.cell_x)))


class PlaceForm(WhereFields):
    """Only the place: for looking up while typing."""

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_where(network)
