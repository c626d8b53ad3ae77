"""What is typed on the pages of care."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.care.actions import Draft
from commonweal.assembly.care.models import Measure, Report, StepTaken
from commonweal.base import clock
from commonweal.base.forms import LineField, ProseField
from commonweal.members.models import Member
from commonweal.networks.models import Network

CHOOSE = {"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")}
WORDS = {"required": _("Say it in your own words; a few are enough.")}
NUMBER = {"invalid": _("Type a number."), "min_value": _("Type a number from 1.")}
MOST_WORDS = 2000
LONGEST_REVIEW = 366
NETWORK = "network"
# What a measure takes besides its days.
NEEDED: dict[str, tuple[str, ...]] = {
    "homes": ("words",),
    "held": ("words",),
    "suspended": ("words", "reason", "review"),
    "removed": ("words", "reason"),
}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MemberField(forms.ChoiceField):
    """One of a few members, as a Member; ``people`` is set by the form that knows them."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"error_messages": CHOOSE, **kwargs})
        self.people: dict[str, Member] = {}

    def offer(self, people: Iterable[Member], *, first: Iterable[tuple[str, Any]] = ()) -> None:
        """From whom one may choose; ``first`` are choices that are nobody."""
        self.people = {str(member.pk): member for member in people}
        self.choices = [*first, *((key, member.name) for key, member in self.people.items())]

    def clean(self, value: Any) -> Any:
        """The Member, or None for a choice that is nobody."""
        return self.people.get(super().clean(value))


class TellForm(forms.Form):
    """Something was not right."""

    about = MemberField(label=_("Who is it about?"))
    kind = forms.ChoiceField(
        label=_("What was it?"), choices=Report.Kind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    in_danger = forms.BooleanField(label=_("I am not safe now, or somebody else isn't"), required=False)
    words = ProseField(
        label=_("What happened?"),
        max_length=MOST_WORDS,
        widget=_area(6),
        error_messages=WORDS,
        help_text=_("In your own words. Only the one you choose below reads this."),
    )
    wish = forms.ChoiceField(
        label=_("What should come of it?"),
        choices=Report.Wish.choices,
        initial=Report.Wish.TALK,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        help_text=_("You can change this at any time."),
    )
    reader = MemberField(label=_("Who should read it?"))
    reach = LineField(
        label=_("How may they reach you?"),
        required=False,
        max_length=200,
        help_text=_(
            "If you like: a number, a time, a place. Otherwise you talk on the page that comes next."
        ),
    )
    letters = forms.BooleanField(
        label=_("Write to me when there is news"),
        required=False,
        help_text=_("The message only says that there is news, not about what."),
    )

    def __init__(
        self,
        *args: Any,
        readers: Iterable[Member],
        people: Iterable[Member] | None,
        is_member: bool,
        **kwargs: Any,
    ) -> None:
        """``people`` are whom it may be about; None where that is clear already."""
        super().__init__(*args, **kwargs)
        readers = list(readers)
        self._offer("reader", readers)
        if people is None:
            del self.fields["about"]
        else:
            self._offer(
                "about", people, first=[(NETWORK, _("The network itself, or somebody not named here"))]
            )
        if not is_member:
            del self.fields["letters"]
        if not readers:
            del self.fields["reader"]

    def _offer(self, name: str, people: Iterable[Member], **first: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, MemberField)
        field.offer(people, **first)

    def clean(self) -> dict[str, Any] | None:
        """Nobody reads what is about them."""
        cleaned = super().clean()
        about, reader = self.cleaned_data.get("about"), self.cleaned_data.get("reader")
        if about is not None and reader is not None and about.pk == reader.pk:
            self.add_error(
                "reader", ValidationError(_("It is about them, so please choose somebody else to read it."))
            )
        return cleaned

    def draft(self, *, about: Member | None, called: str, source: uuid.UUID | None) -> Draft:
        """What was told, as the action takes it; only after ``is_valid``."""
        said = self.cleaned_data
        about = said.get("about") if "about" in self.fields else about
        return Draft(
            kind=said["kind"], words=said["words"], wish=said["wish"], in_danger=said["in_danger"], about=about,
            about_called=called or (about.name if about else ""), reach=said["reach"],
            letters=said.get("letters", False), source=source,
        )  # fmt: skip


class WordsForm(forms.Form):
    """A few words more."""

    words = ProseField(label=_("Your words"), max_length=MOST_WORDS, widget=_area(4), error_messages=WORDS)


class NoteForm(forms.Form):
    """A note that nobody else sees."""

    words = ProseField(
        label=_("A note of your own"), max_length=MOST_WORDS, widget=_area(3), error_messages=WORDS
    )


class WishForm(forms.Form):
    """What should come of it, said anew."""

    wish = forms.ChoiceField(
        label=_("What should come of it?"),
        choices=Report.Wish.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


class ReaderForm(forms.Form):
    """Somebody else shall read it."""

    reader = MemberField(label=_("Who should read it?"))

    def __init__(self, *args: Any, readers: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reader"]
        assert isinstance(field, MemberField)
        field.offer(readers)


class StepForm(forms.Form):
    """How a step went."""

    step = forms.ChoiceField(choices=Report.Step.choices, widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("How did it go?"),
        choices=StepTaken.How.choices,
        initial=StepTaken.How.DONE,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    words = ProseField(
        label=_("A note of your own"), required=False, max_length=MOST_WORDS, widget=_area(3),
        help_text=_("Only who reads this report sees it."),
    )  # fmt: skip


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[choice for choice in Report.Outcome.choices if choice[0] != Report.Outcome.WITHDRAWN],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


class MeasureForm(forms.Form):
    """What keeps people safe, for how long, and in which words."""

    kind = forms.ChoiceField(
        label=_("What keeps people safe for now?"),
        choices=[
            (Measure.Kind.APART, _("Don't bring the two together again. Nobody is told.")),
            (
                Measure.Kind.HOMES,
                _("Don't ask them to help at anybody's home for a while. All else goes on."),
            ),
            (Measure.Kind.HELD, _("Don't ask them to help for a while. They are told, without a name.")),
            (Measure.Kind.SUSPENDED, _("Suspend them at once. They are told, and told how to appeal.")),
            (Measure.Kind.REMOVED, _("Propose a removal. A second person has to agree.")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    days = forms.IntegerField(
        label=_("For how many days?"), min_value=1, max_value=1000, error_messages=NUMBER
    )
    words = ProseField(
        label=_("What they are told"),
        required=False,
        max_length=1000,
        widget=_area(4),
        help_text=_("Name nobody, and nothing by which somebody could be known."),
    )
    reason = ProseField(
        label=_("Your reason"),
        required=False,
        max_length=1000,
        widget=_area(3),
        help_text=_("For whoever has to agree, or answers an appeal. Name nobody here either."),
    )
    review = forms.DateField(
        label=_("When will you look at it again?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Type a day, like 2026-12-24.")},
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network

    def clean(self) -> dict[str, Any] | None:
        """A suspension takes a reason and a day to look again; whoever it falls on is told something."""
        cleaned = super().clean()
        kind = self.cleaned_data.get("kind", "")
        for name in NEEDED.get(kind, ()):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("This is needed here."), code="required"))
        return cleaned

    def clean_review(self) -> date | None:
        """A day to come, within a year."""
        day: date | None = self.cleaned_data["review"]
        today = clock.now().astimezone(self.network.zone).date()
        if day is not None and not today <= day <= today + timedelta(days=LONGEST_REVIEW):
            raise ValidationError(_("This day is over, or more than a year away."), code="far")
        return day

    def review_at(self) -> datetime:
        """The moment of the review: the morning of that day, by the network's clock."""
        day = datetime.combine(self.cleaned_data["review"], time(9), tzinfo=self.network.zone)
        return max(day, clock.now() + timedelta(minutes=1)) if day.date() == clock.now().date() else day


class AppealForm(forms.Form):
    """Why a suspension or a removal should end."""

    words = ProseField(
        label=_("Why should it end?"), max_length=MOST_WORDS, widget=_area(6), error_messages=WORDS,
        help_text=_("Somebody reads it who did not propose it."),
    )  # fmt: skip


class AppealAnswerForm(forms.Form):
    """An answer to an appeal."""

    words = ProseField(
        label=_("Your answer"), max_length=1000, widget=_area(4), error_messages=WORDS,
        help_text=_("Name nobody, and nothing by which somebody could be known."),
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=_("And now?"),
        choices=[("lift", _("It ends now")), ("stay", _("It stays until its end"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
