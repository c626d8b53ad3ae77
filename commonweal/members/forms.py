"""What members type about themselves."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField
from commonweal.members import codes
from commonweal.members.actions import Profile
from commonweal.members.contacts import Contact, ContactField
from commonweal.members.models import Member
from commonweal.members.passkeys import LONGEST_ANSWER
from commonweal.members.queries import contact_points
from commonweal.members.trusting import Vouch
from commonweal.members.vouched import read_vouch_code
from commonweal.networks.languages import named, other_languages, usual_languages
from commonweal.networks.models import Network
from commonweal.networks.queries import areas_of

LONGEST_NAME = 60
LONGEST_KEY_NAME = 40
MOST_PER_WEEK = 50
MOST_LANGUAGES = 12


class ContactForm(forms.Form):
    """By what somebody is reached, and let in."""

    contact = ContactField(
        help_text=_(
            "We send a code there. It is shown to nobody but the neighbour you are helping or who helps you."
        )
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        assert isinstance(field, ContactField)
        field.country = network.country


class ProveForm(forms.Form):
    """To which of a member's own contacts a code goes, so that they show anew that it is them."""

    contact = forms.ChoiceField(label=_("Where shall the code go?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        self.points = {str(point.pk): point.as_contact for point in contact_points(member)}
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, contact.shown) for key, contact in self.points.items()]
        field.initial = next(iter(self.points), None)

    def clean_contact(self) -> Contact:
        """The contact itself."""
        return self.points[self.cleaned_data["contact"]]


class CodeField(LineField):
    """A one-time code, in whatever digits and gaps it is typed."""

    widget = forms.TextInput(
        attrs={"class": "codebox", "inputmode": "numeric", "autocomplete": "one-time-code"}
    )

    def to_python(self, value: Any) -> str:
        """The digits; raises ValidationError for anything that can't be a code."""
        text = super().to_python(value)
        code = codes.read_code(text)
        if text and code is None:
            raise ValidationError(_("A code is all digits, like 123 456."), code="shape")
        return code or ""


class CodeForm(forms.Form):
    """The code that we sent."""

    code = CodeField(label=_("The code we sent you"), max_length=30)


class NameForm(forms.Form):
    """What somebody new wants to be called, and what they speak."""

    name = LineField(
        label=_("What should people call you?"),
        help_text=_(
            "A first name or a nickname is enough. Whom you are matched with sees it, and who is on shift."
        ),
        max_length=LONGEST_NAME,
    )
    languages = forms.MultipleChoiceField(
        label=_("What do you speak?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    other_language = forms.ChoiceField(label=_("Another language"), required=False)

    def __init__(self, *args: Any, network: Network, spoken: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = usual_languages(network)
        further = [code for code in spoken if code not in dict(usual)]
        self._choices("languages", [*usual, *named(further)])
        self._choices("other_language", [("", "–"), *other_languages(network)])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Put the other language to the rest."""
        data = super().clean() or self.cleaned_data
        spoken = [*data.get("languages", []), data.get("other_language", "")]
        data["languages"] = tuple(dict.fromkeys(code for code in spoken if code))
        if len(data["languages"]) > MOST_LANGUAGES:
            self.add_error("languages", _("Choose those you speak best."))
        return data


class ProfileForm(NameForm):
    """What a member says about themselves."""

    language = forms.ChoiceField(label=_("We write to you in"), choices=settings.LANGUAGES)
    per_week = forms.IntegerField(
        label=_("Most times a week you want to help"),
        help_text=_("We ask you for nothing more once you have agreed to as many. 0 means: don't ask me."),
        min_value=0,
        max_value=MOST_PER_WEEK,
    )
    area = forms.TypedChoiceField(label=_("Your area"), required=False, empty_value=None)
    goes_as = forms.ChoiceField(
        label=_("A word about yourself"),
        required=False,
        choices=[("", _("I'd rather not say")), *Member.GoesAs.choices],
        help_text=_("Only used where somebody asks that a woman or a man comes. Nobody is shown it."),
    )

    def __init__(self, *args: Any, member: Member, network: Network, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_initial(member))
        super().__init__(*args, network=network, spoken=tuple(member.languages), **kwargs)
        areas = {str(area.pk): area for area in areas_of(network)}
        self._choices("area", [("", _("Not said")), *((key, area.name) for key, area in areas.items())])
        field = self.fields["area"]
        assert isinstance(field, forms.TypedChoiceField)
        field.coerce = areas.__getitem__

    def profile(self) -> Profile:
        """What was said, once the form is valid."""
        data = self.cleaned_data
        return Profile(
            name=data["name"],
            languages=data["languages"],
            language=data["language"],
            per_week=data["per_week"],
            area=data["area"],
            goes_as=data["goes_as"],
        )


def _as_initial(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "languages": member.languages,
        "language": member.language,
        "per_week": member.per_week,
        "area": str(member.area_id or ""),
        "goes_as": member.goes_as,
    }


def _breaks() -> list[tuple[int, str]]:
    """How long a break may be, put into words when the page is made: a number of weeks is not lazy."""
    weeks = [(n, ngettext("%(count)s week", "%(count)s weeks", n) % {"count": n}) for n in (1, 2, 4, 8, 26)]
    return [*weeks, (0, gettext("Until I come back by myself"))]


class PasskeyForm(forms.Form):
    """A new passkey: what its member calls it, and what the browser answered."""

    name = LineField(
        label=_("A name for it"),
        help_text=_("So that you know it again: my phone, the blue key. Only you see it."),
        max_length=LONGEST_KEY_NAME,
        initial=_("My phone"),
    )
    answer = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_ANSWER, required=False)


class VouchForm(forms.Form):
    """How one member knows another."""

    how = forms.ChoiceField(
        label=_("How do you know them?"), choices=Vouch.How.choices, widget=forms.RadioSelect
    )


class VouchCodeForm(forms.Form):
    """A code that somebody shows, to be vouched for."""

    code = LineField(
        label=_("Somebody shows you a code?"),
        help_text=_(
            "Eight letters and numbers, like K7F2-QM9A. It says who they are, so that you can say that you know them."
        ),
        max_length=30,
    )

    def clean_code(self) -> str:
        """The code as it is stored."""
        code = read_vouch_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(_("The code has eight letters and numbers, like K7F2-QM9A."), code="shape")
        return code


class PauseForm(forms.Form):
    """For how long a member takes a break."""

    weeks = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=_breaks,
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
    )

    def length(self) -> timedelta | None:
        """How long the break is, once the form is valid; None for one without an end."""
        weeks = self.cleaned_data["weeks"]
        return timedelta(weeks=weeks) if weeks else None


def status_of(*forms: forms.BaseForm) -> int:
    """The HTTP status of a page with these forms: 422 where one holds something to put right."""
    return 422 if any(form.is_bound and form.errors for form in forms) else 200
