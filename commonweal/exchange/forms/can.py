"""What an offer says: what somebody can do or give, how far, on which days and hours, how often."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField, ProseField
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.forms.careful import CarefulFields
from commonweal.exchange.forms.choices import (
    CHOOSE,
    NUMBER,
    LanguageFields,
    SomeCategories,
    WantedWith,
    give_categories,
    give_choices,
    other_of,
)
from commonweal.exchange.forms.need import LONGEST_WORDS, MOST_OF_A_THING
from commonweal.exchange.forms.once import OnceFields
from commonweal.exchange.forms.where import WhereFields
from commonweal.exchange.models import Offer
from commonweal.exchange.needs import NEEDS
from commonweal.exchange.reasons import distance_in_words
from commonweal.members.contacts import Contact, ContactField
from commonweal.members.models import Member
from commonweal.networks.models import Category, Network
from commonweal.networks.queries import open_categories

PARTS = 6
ALWAYS = (1 << 7 * PARTS) - 1
EVENINGS = sum(1 << day * PARTS + part for day in range(5) for part in (4, 5))
WEEKENDS = sum(1 << day * PARTS + part for day in (5, 6) for part in range(PARTS))
FREE = {"always": ALWAYS, "evenings": EVENINGS, "weekends": WEEKENDS}
HOURS = ("6–9", "9–12", "12–15", "15–18", "18–21", "21–24")
RADII = [
    (500, _("My street and the next ones")),
    (1500, _("A walk: 1.5 km")),
    (4000, _("A bicycle ride: 4 km")),
    (15000, _("Across town: 15 km")),
    (60000, _("Wherever it is needed")),
]
MOST_PER_WEEK = 50


def bits_of(slots: list[str]) -> int:
    """The bitmask of the ticked parts of a week."""
    return sum(1 << int(slot) for slot in set(slots))


def slots_of(bits: int) -> list[str]:
    """The parts of a week that a bitmask holds, as they are ticked."""
    return [str(bit) for bit in range(7 * PARTS) if bits >> bit & 1]


class OfferForm(CarefulFields, WhereFields, OnceFields, WantedWith):
    """An offer of somebody who is a member already. ``draft`` is what becomes of it."""

    use_required_attribute = False  # some fields stand in for others, and what is hidden can't be pointed at
    wanted_with = ("slots",)
    careful = ("words", "summary")
    field_order = ("categories", "summary", "words", "quantity", "unit", "area", "street", "found")

    categories = forms.MultipleChoiceField(
        label=_("What can you do?"),
        widget=SomeCategories,
        error_messages={
            **CHOOSE,
            "required": _("What can you do? Choose at least one, or say it in your own words."),
        },
    )
    summary = LineField(
        label=_("A line for the noticeboard"),
        required=False,
        max_length=80,
        help_text=_(
            "Everyone can read this line, so no names and no addresses. For example: Haircuts at home."
        ),
    )
    words = ProseField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only who is on shift reads this."),
    )
    radius_m = forms.TypedChoiceField(
        label=_("How far do you go?"), coerce=int, choices=RADII, initial=1500, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    free = forms.ChoiceField(
        label=_("When do you have time?"),
        choices=[
            ("always", _("It varies: ask me, I can say no")),
            ("evenings", _("Weekday evenings")),
            ("weekends", _("At the weekend")),
            ("choose", _("I choose days and hours")),
        ],
        initial="always",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    slots = forms.MultipleChoiceField(
        label=_("Days and hours"),
        required=False,
        choices=[
            (name, [(str(day * PARTS + part), hours) for part, hours in enumerate(HOURS)])
            for day, name in WEEKDAYS.items()
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    carries = forms.TypedChoiceField(
        label=_("What can you carry?"), coerce=int, choices=Offer.Load.choices, initial=Offer.Load.BAGS,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    vehicle = forms.ChoiceField(
        label=_("How do you get around?"), choices=Offer.Vehicle.choices, initial=Offer.Vehicle.FOOT,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    able = forms.MultipleChoiceField(
        label=_("For people to whom it matters, I can …"),
        required=False,
        choices=[(need.code, need.offered) for need in NEEDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    quantity = forms.IntegerField(
        label=_("How many do you have to give?"),
        required=False,
        min_value=1,
        max_value=MOST_OF_A_THING,
        error_messages=NUMBER,
        help_text=_("Leave it empty if nobody needs to count."),
    )
    unit = LineField(label=_("Of what?"), required=False, max_length=30)
    is_public = forms.BooleanField(
        label=_("It may stand on the noticeboard, without my name and my words"), required=False, initial=True
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories_open = open_categories(network)
        give_categories(self.fields["categories"], self.categories_open)
        self.fields["categories"].required = not self.data.get("words", "").strip()
        self.prepare_where(network)
        self.fields["area"].label = _("Where do you start from?")
        self.fields["street"].help_text = _("Only the square of 300 metres that it lies in is kept.")

    def clean(self) -> dict[str, Any] | None:
        """One of categories and own words is enough; who chooses days and hours ticks at least one."""
        cleaned = super().clean()
        self.chosen = self._chosen()
        if not self.chosen and "categories" not in self.errors and "words" not in self.errors:
            self.add_error("categories", _("What is nearest to it? Choose at least one."))
        ticked = self.cleaned_data.get("slots") or "slots" in self.errors
        if self.cleaned_data.get("free") == "choose" and not ticked:
            self.add_error("slots", _("Tick at least one part of a day."))
        return cleaned

    def _chosen(self) -> list[Category]:
        slugs = self.cleaned_data.get("categories", [])
        chosen = [category for category in self.categories_open if category.slug in slugs]
        other = other_of(self.categories_open)
        return chosen or ([other] if other and self.cleaned_data.get("words") else [])

    def draft(self) -> OfferDraft:
        """The offer as it was filled in; only after ``is_valid``."""
        said = self.cleaned_data
        return OfferDraft(
            categories=tuple(category.pk for category in self.chosen),
            words=said["words"],
            summary=said["summary"],
            radius_m=said["radius_m"],
            slots=FREE.get(said["free"]) or bits_of(said["slots"]),
            vehicle=said["vehicle"],
            carries=said["carries"],
            able=tuple(said["able"]),
            quantity=said["quantity"] or 0,
            unit=said["unit"],
            area=self.at.pk if self.at else None,
            cell=self.cell,
            is_public=said["is_public"],
        )


class FirstOfferForm(OfferForm, LanguageFields):
    """An offer of somebody who isn't signed in: besides, who they are, and how often they want to help."""

    per_week = forms.IntegerField(
        label=_("How many times a week at most?"), min_value=1, max_value=MOST_PER_WEEK, error_messages=NUMBER
    )
    name = LineField(
        label=_("What should people call you?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        help_text=_(
            "A first name or a nickname is enough. Only those you agree something with see it, and who is on shift."
        ),
    )
    contact = ContactField(
        help_text=_("We send a code there, now and whenever you come back. There is no password.")
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, network=network, **kwargs)
        self.prepare_languages(network)
        self.fields["per_week"].initial = network.policy.week_cap
        contact = self.fields["contact"]
        assert isinstance(contact, ContactField)
        contact.country = network.country

    def draft(self) -> OfferDraft:
        """The offer, and beside it who offers."""
        said = self.cleaned_data
        who = {"name": said["name"], "per_week": said["per_week"], "languages": self.spoken()}
        return replace(super().draft(), language=get_language() or "en", **who)

    def contact_said(self) -> Contact:
        """How to reach them; only after ``is_valid``."""
        contact = self.cleaned_data["contact"]
        assert isinstance(contact, Contact)
        return contact


class ChangeOfferForm(OfferForm):
    """An offer that stands already."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        self.offer = offer
        kwargs.setdefault("initial", initial_of(offer))
        super().__init__(*args, network=offer.network, **kwargs)
        if offer.radius_m not in dict(RADII):
            so_far = (offer.radius_m, _("As before: %(far)s") % {"far": distance_in_words(offer.radius_m)})
            give_choices(self.fields["radius_m"], [so_far, *RADII])

    def draft(self) -> OfferDraft:
        """The whole offer as it shall stand from now on; in the same area it keeps its square."""
        said, offer = self.cleaned_data, self.offer
        stays = self.at and self.at.pk == offer.area_id and not said["street"] and not said["square"]
        kept = (offer.cell_y, offer.cell_x) if offer.cell_y is not None and offer.cell_x is not None else None
        return replace(super().draft(), cell=kept) if stays else super().draft()


def initial_of(offer: Offer) -> dict[str, Any]:
    """What an offer says, as the initial values of its form."""
    known = next((name for name, bits in FREE.items() if bits == offer.slots), "choose")
    return {
        "categories": [entry.category.slug for entry in offer.categories.select_related("category")],
        "words": offer.words, "summary": offer.summary, "radius_m": offer.radius_m, "free": known,
        "slots": slots_of(offer.slots), "carries": offer.carries, "vehicle": offer.vehicle, "able": offer.able,
        "quantity": offer.quantity_left or None, "unit": offer.unit, "area": offer.area.slug if offer.area else "",
        "is_public": offer.is_public, "version": offer.version,
    }  # fmt: skip


def initial_for(member: Member) -> dict[str, Any]:
    """What is known of a member already, for a new offer."""
    return {"area": member.area.slug if member.area else ""}
