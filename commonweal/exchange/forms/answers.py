"""Short answers: how it went, why no more, which code, what the noticeboard shall show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField, ProseField
from commonweal.base.ids import read_code
from commonweal.exchange.actions.relaying import LONGEST_WORDS
from commonweal.exchange.forms.careful import CarefulFields
from commonweal.exchange.forms.choices import CHOOSE, NUMBER, give_choices
from commonweal.exchange.forms.need import MOST_OF_A_THING
from commonweal.exchange.forms.once import OnceFields
from commonweal.exchange.forms.when import DayFields, Span
from commonweal.exchange.models import Handover, Match
from commonweal.exchange.queries import BoardFilters
from commonweal.members.contacts import ContactField
from commonweal.members.models import Reached
from commonweal.networks.models import Network
from commonweal.networks.queries import areas_of, open_categories

Outcome = Handover.Outcome


class VersionForm(forms.Form):
    """How new the page was from which something was sent."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class HowForm(CarefulFields, DayFields):
    """How a commitment went, said by one side."""

    careful = ("note",)
    use_required_attribute = False
    field_order = ("outcome", "quantity", "day", "part", "from_time", "until_time", "note")

    outcome = forms.ChoiceField(
        label=_("What fits best?"),
        choices=[
            (Outcome.DONE.value, _("It's done")),
            (Outcome.PARTLY.value, _("Partly")),
            (Outcome.MISSED.value, _("It didn't happen")),
            (Outcome.RESCHEDULED.value, _("We meet another time")),
        ],
        widget=forms.RadioSelect,
        error_messages={**CHOOSE, "required": _("How did it go? Choose one of these.")},
    )
    quantity = forms.IntegerField(
        label=_("How many were given?"),
        required=False,
        min_value=1,
        max_value=MOST_OF_A_THING,
        error_messages=NUMBER,
    )
    note = ProseField(
        label=_("Anything we should know?"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only who is on shift reads this."),
    )

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.match, self.network = match, match.network
        if match.ask.people > 1 and not match.ask.quantity:
            self.fields["quantity"].label = _("For how many people was it enough?")

    @property
    def is_counted(self) -> bool:
        """Whether "partly" can be said in a number."""
        return bool(self.match.ask.quantity) or self.match.ask.people > 1

    new_time: Span | None = None

    def clean(self) -> dict[str, Any] | None:
        """Another time needs a day; what belongs to another answer is ignored."""
        cleaned = super().clean()
        if self.cleaned_data.get("outcome") == Outcome.RESCHEDULED:
            self.new_time = self.day_span()
        return cleaned

    def report(self) -> dict[str, Any]:
        """What was said, as the action takes it; only after ``is_valid``."""
        said = self.cleaned_data
        partly = said["outcome"] == Outcome.PARTLY
        return {
            "outcome": said["outcome"], "note": said["note"], "new_time": self.new_time,
            "quantity": said["quantity"] or 0 if partly else 0,
        }  # fmt: skip


class ReachedForm(forms.Form):
    """How a member wants to be reached by whoever they are matched with."""

    reached = forms.ChoiceField(
        label=_("How shall you and your match reach one another?"),
        required=False,
        choices=[("", _("As is usual in the network")), *Reached.choices],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        help_text=_("If one of the two wants to go through the network, it holds for both."),
    )


class WriteForm(OnceFields):
    """A few words for the other of the two who are matched."""

    words = ProseField(
        label=_("Your words"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )


class QuantityForm(forms.Form):
    """How many of a counted thing a member brings."""

    quantity = forms.IntegerField(
        label=_("How many can you give?"),
        required=False,
        min_value=1,
        max_value=MOST_OF_A_THING,
        error_messages=NUMBER,
        help_text=_("Leave it empty for all that is still wanted."),
    )


class WithdrawForm(forms.Form):
    """Why an ask is taken back, for the figures."""

    why = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            ("found_help", _("I found help")),
            ("not_needed", _("It isn't needed any more")),
            ("other", _("Another reason")),
        ],
        initial="not_needed",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    only_this = forms.BooleanField(label=_("Only this time. Next week it goes on."), required=False)


class LookUpForm(forms.Form):
    """A short code and the contact that was given with it."""

    short_code = LineField(
        label=_("The short code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "codebox",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        help_text=_("Six letters and figures, like K7F-2QM."),
    )
    contact = ContactField(
        label=_("The e-mail address or phone number you gave"),
        help_text=_("The private link is sent there, if the two belong together."),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        assert isinstance(contact, ContactField)
        contact.country = network.country

    def clean_short_code(self) -> str:
        """The code as it is stored."""
        code = read_code(self.cleaned_data["short_code"])
        if code is None:
            raise forms.ValidationError(_("A code has six letters and figures, like K7F-2QM."))
        return code


ORDERS = {"newest": _("Newest first"), "helps": _("What helps most")}


class BoardFilter(forms.Form):
    """What the noticeboard shall show. What makes no sense is left out: the board is shown all the same."""

    kind = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("all", _("Asks and offers")), ("asks", _("Only asks")), ("offers", _("Only offers"))],
    )
    category = forms.ChoiceField(label=_("What"), required=False)
    area = forms.ChoiceField(label=_("Where"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = "helps" if BoardFilters().helps_first(network) else "newest"
        # Whoever has not chosen sees the first one chosen.
        orders = sorted(ORDERS.items(), key=lambda order: order[0] != self.usual)
        give_choices(self.fields["order"], orders)
        kinds = ((category.slug, category.name) for category in open_categories(network))
        areas = ((area.slug, area.name) for area in areas_of(network))
        give_choices(self.fields["category"], [("", _("Everything")), *kinds])
        give_choices(self.fields["area"], [("", _("Everywhere")), *areas])

    def filters(self) -> BoardFilters:
        """What was chosen; what makes no sense is left out."""
        self.full_clean()
        said = self.cleaned_data
        order = said.get("order") or self.usual
        return BoardFilters(
            kind=said.get("kind") or "all",
            category=said.get("category", ""),
            area=said.get("area", ""),
            order="" if order == self.usual else order,
        )
