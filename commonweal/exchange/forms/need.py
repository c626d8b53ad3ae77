"""What an ask says: filled in once under a minute, and changed later from its private page."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.forms import LineField, ProseField
from commonweal.exchange.drafts import AskDraft
from commonweal.exchange.forms.careful import CarefulFields
from commonweal.exchange.forms.choices import (
    CHOOSE,
    NUMBER,
    LanguageFields,
    OneCategory,
    give_categories,
    give_choices,
    other_of,
)
from commonweal.exchange.forms.once import OnceFields
from commonweal.exchange.forms.when import FARTHEST, KEEP, WAYS, WhenFields, day_field, weekdays_of
from commonweal.exchange.forms.where import WhereFields
from commonweal.exchange.models import Ask
from commonweal.exchange.needs import NEEDS
from commonweal.members.contacts import Contact, ContactField
from commonweal.members.models import Reached
from commonweal.networks.models import Category, Network
from commonweal.networks.queries import open_categories

LONGEST_WORDS = 600
EVENING = time(20)
MOST_PEOPLE, MOST_HANDS, MOST_OF_A_THING = 99, 50, 1_000_000


class NeedForm(CarefulFields, WhenFields, WhereFields, LanguageFields, OnceFields):
    """An ask, from a category or own words to how to reach somebody. ``draft`` is what becomes of it."""

    careful = ("words", "summary")
    use_required_attribute = False  # some fields stand in for others, and what is hidden can't be pointed at
    field_order = (
        "category", "words", "quantity", "unit", "returns_on", "destination", "people", "area", "street", "found",
        "when", "day", "weekdays", "part", "from_time", "until_time", "contact", "called",
    )  # fmt: skip

    category = forms.ChoiceField(
        label=_("What is it?"),
        widget=OneCategory,
        error_messages={
            **CHOOSE,
            "required": _("What do you need? Choose one of these, or say it in your own words."),
        },
    )
    words = ProseField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever is asked to help reads this, and nobody else. Leave out names and addresses."),
    )
    people = forms.IntegerField(
        label=_("For how many people?"), initial=1, min_value=1, max_value=MOST_PEOPLE, error_messages=NUMBER
    )
    quantity = forms.IntegerField(
        label=_("How many?"), required=False, min_value=1, max_value=MOST_OF_A_THING, error_messages=NUMBER
    )
    unit = LineField(label=_("Of what?"), required=False, max_length=30)
    returns_on = day_field(_("Until when do you need it?"))
    destination = LineField(
        label=_("Where to?"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = ContactField(
        label=_("How can we reach you?"),
        required=False,
        help_text=_("E-mail or phone. Leave it empty, and your private page alone tells you how it stands."),
    )
    called = LineField(
        label=_("What may we call you?"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        help_text=_("Any name you like."),
    )
    summary = LineField(
        label=_("A line for the noticeboard"),
        required=False,
        max_length=80,
        help_text=_(
            "Everyone can read this line: no names, no addresses. Without it we only say what it is, and for how many."
        ),
    )
    hands = forms.IntegerField(
        label=_("How many helpers does it take?"),
        required=False,
        min_value=1,
        max_value=MOST_HANDS,
        error_messages=NUMBER,
    )
    needs = forms.MultipleChoiceField(
        label=_("What matters besides?"),
        required=False,
        choices=[(need.code, need.asked) for need in NEEDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )

    wish = forms.ChoiceField(
        label=_("Who should come?"),
        required=False,
        choices=[("", _("It doesn't matter")), *Ask.Wish.choices],
        error_messages=CHOOSE,
        help_text=_("Then only neighbours are asked who said so of themselves; there are fewer of them."),
    )

    reached = forms.ChoiceField(
        label=_("How shall you and your helper reach one another?"),
        required=False,
        choices=[("", _("As is usual in the network")), *Reached.choices],
        error_messages=CHOOSE,
    )

    def __init__(
        self, *args: Any, network: Network, kept_place: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.categories = open_categories(network)
        give_categories(self.fields["category"], self.categories)
        self.fields["category"].required = not self.data.get("words", "").strip()
        self.prepare_where(network, kept_place)
        contact = self.fields["contact"]
        assert isinstance(contact, ContactField)
        contact.country = network.country
        self.prepare_languages(network, self.initial.get("languages", ()))

    def clean(self) -> dict[str, Any] | None:
        """One of category and own words is enough; the day something comes back lies after it begins."""
        cleaned = super().clean()
        self.chosen = self._chosen()
        if (
            self.chosen
            and self.chosen == other_of(self.categories)
            and not self.cleaned_data.get("words", "unread")
        ):
            self.add_error("words", _("Please say in a few words what it is."))
        if not self.chosen and "category" not in self.errors:
            self.add_error("category", _("What is nearest to it? Choose one of these."))
        self._check_return()
        return cleaned

    def _check_return(self) -> None:
        day = self.cleaned_data.get("returns_on")
        if day is None:
            return
        today = clock.now().astimezone(self.network.zone).date()
        begins = self.stretch.starts_at.astimezone(self.network.zone).date() if self.stretch else today
        if day < begins:
            self.add_error("returns_on", _("This is before the day on which you need it."))
        elif day > today + 2 * FARTHEST:
            self.add_error("returns_on", _("That is more than two years away. Choose an earlier day."))

    @property
    def has_more(self) -> bool:
        """Whether something stands in the part that is closed at first."""
        hidden = ("languages", "other_language", "needs", "hands", "wish", "reached", "summary")
        return any(self[name].errors or (self.is_bound and self[name].value()) for name in hidden)

    def _chosen(self) -> Category | None:
        slug = self.cleaned_data.get("category")
        if not slug and self.cleaned_data.get("words"):
            return other_of(self.categories)
        return next((category for category in self.categories if category.slug == slug), None)

    def draft(self) -> AskDraft:
        """The ask as it was filled in; only after ``is_valid``. What belongs to another kind of ask is left out."""
        said, category = self.cleaned_data, self.chosen
        assert category is not None
        counted = category.nature in {Category.Nature.GIFT, Category.Nature.LOAN}
        contact: Contact | None = said["contact"]
        return AskDraft(
            category=category.pk,
            words=said["words"],
            summary=said["summary"],
            people=said["people"],
            hands=said["hands"] or 1,
            quantity=said["quantity"] or 0 if counted else 0,
            unit=said["unit"] if counted else "",
            area=self.at.pk if self.at else None,
            cell=self.cell,
            place=self.place,
            destination=said["destination"] if category.nature == Category.Nature.RIDE else "",
            returns_at=self._back_at() if category.nature == Category.Nature.LOAN else None,
            languages=self.spoken(),
            language=get_language() or "en",
            needs=tuple(said["needs"]),
            wish=said["wish"],
            reached=said["reached"],
            called=said["called"],
            contact_kind=contact.kind if contact else "",
            contact=contact.value if contact else "",
            **self.times(),
        )

    def _back_at(self) -> datetime | None:
        day = self.cleaned_data["returns_on"]
        return datetime.combine(day, EVENING, self.network.zone).astimezone(UTC) if day else None

    def times(self) -> dict[str, Any]:
        """When it may happen, as fields of a draft."""
        stretch = self.stretch
        assert stretch is not None
        return {
            "starts_at": stretch.starts_at, "ends_at": stretch.ends_at,
            "urgency": int(stretch.urgency), "repeat_days": stretch.repeat_days,
        }  # fmt: skip


class ChangeForm(NeedForm):
    """An ask that stands already. Its time, and how to reach the asker, stay as they are unless said anew."""

    forget_contact = forms.BooleanField(label=_("Forget how to reach me"), required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ask: Ask, when_words: str, **kwargs: Any) -> None:
        self.ask = ask
        kwargs.setdefault("initial", initial_of(ask))
        super().__init__(*args, network=ask.network, kept_place=ask.place, **kwargs)
        if ask.category.slug not in {category.slug for category in self.categories}:
            self.categories = [*self.categories, ask.category]
            give_categories(self.fields["category"], self.categories)
        if ask.contact:
            known = Contact(kind=ask.contact_kind, value=ask.contact)
            self.fields["contact"].help_text = _("Leave it empty to keep what you gave: %(contact)s") % {
                "contact": hinted(known)
            }
        ways = [(KEEP, _("As it is: %(when)s") % {"when": when_words}), *WAYS]
        give_choices(self.fields["when"], ways)

    def times(self) -> dict[str, Any]:
        """When it may happen: as before, or as it was said anew."""
        if self.stretch:
            return super().times()
        ask = self.ask
        return {
            "starts_at": ask.starts_at, "ends_at": ask.ends_at,
            "urgency": ask.urgency, "repeat_days": ask.repeat_days,
        }  # fmt: skip

    def draft(self) -> AskDraft:
        """The whole ask as it shall stand from now on."""
        kept: dict[str, Any] = {}
        if self.cleaned_data["forget_contact"]:
            kept |= {"contact_kind": "", "contact": ""}
        elif not self.cleaned_data["contact"]:
            kept |= {"contact_kind": self.ask.contact_kind, "contact": self.ask.contact}
        return replace(super().draft(), **kept)


def hinted(contact: Contact) -> str:
    """As much of a contact as its owner knows it by: "a…@example.org", "… 0123"."""
    mailbox, at, host = contact.shown.rpartition("@")
    return f"{mailbox[0]}…@{host}" if at else f"… {contact.value[-4:]}"


def initial_of(ask: Ask) -> dict[str, Any]:
    """What an ask says, as the initial values of its form."""
    back = ask.returns_at.astimezone(ask.network.zone).date() if ask.returns_at else None
    return {
        "category": ask.category.slug, "words": ask.words, "summary": ask.summary, "people": ask.people,
        "hands": ask.hands, "quantity": ask.quantity or None, "unit": ask.unit, "returns_on": back,
        "destination": ask.destination, "area": ask.area.slug if ask.area else "",
        "street": ask.place.get("text", ""), "called": ask.called, "languages": ask.languages, "needs": ask.needs,
        "wish": ask.wish, "reached": ask.reached, "when": KEEP, "weekdays": weekdays_of(ask.repeat_days),
        "version": ask.version,
    }  # fmt: skip
