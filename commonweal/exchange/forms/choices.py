"""Choices that both asks and offers have: what it is about, and the languages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from commonweal.networks.languages import named, other_languages, usual_languages
from commonweal.networks.models import Category, Network

OTHER = "other"
CHOOSE = {"invalid_choice": _("Please choose one of these.")}
NUMBER = {"invalid": _("Write a whole number, in figures.")}
MOST_LANGUAGES = 12


class _WithCategories:
    """Hands the drawing of each choice's category to the template, and its nature to the style sheet."""

    by_slug: dict[str, Category]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with what its category adds."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        category = self.by_slug[str(value)]
        option["drawn"] = category.icon
        option["attrs"]["data-nature"] = category.nature
        return option


class OneCategory(_WithCategories, forms.RadioSelect):
    """One of the network's categories."""


class SomeCategories(_WithCategories, forms.CheckboxSelectMultiple):
    """Several of the network's categories."""


class _Ready(BaseChoiceIterator):
    """Pairs of value and label as they stand. Django would look into each of some two hundred languages anew."""

    def __init__(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        self._pairs = list(pairs)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self._pairs)


def give_choices(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    """Set what a field of choices offers."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = _Ready(choices)


def give_categories(field: forms.Field, categories: Sequence[Category]) -> None:
    """Set what a field with one of the widgets above offers."""
    assert isinstance(field.widget, _WithCategories)
    field.widget.by_slug = {category.slug: category for category in categories}
    give_choices(field, ((category.slug, category.name) for category in categories))


def other_of(categories: Sequence[Category]) -> Category | None:
    """The category for what none of the others says."""
    return next((category for category in categories if category.slug == OTHER), None)


class WantedWith(forms.Form):
    """Fields that are wanted when the answer they belong to is chosen, and mean nothing otherwise.

    The form says itself when one of ``wanted_with`` is missing; its page never calls one a thing to be left out.
    """

    wanted_with: tuple[str, ...] = ()

    def full_clean(self) -> None:
        """Judge what was sent."""
        for name in self.wanted_with:
            self.fields[name].required = False
        super().full_clean()
        for name in self.wanted_with:
            self.fields[name].required = True


class LanguageFields(forms.Form):
    """The usual languages to tick, and every other one in a list."""

    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    other_language = forms.ChoiceField(label=_("Another language"), required=False, error_messages=CHOOSE)

    def prepare_languages(self, network: Network, spoken: Iterable[str] = ()) -> None:
        """Offer the network's languages, and those that were said before."""
        usual = usual_languages(network)
        further = [code for code in spoken if code not in dict(usual)]
        give_choices(self.fields["languages"], [*usual, *named(further)])
        give_choices(self.fields["other_language"], [("", "–"), *other_languages(network)])

    def spoken(self) -> tuple[str, ...]:
        """The languages that were said; only after ``is_valid``."""
        said = [*self.cleaned_data["languages"], self.cleaned_data["other_language"]]
        return tuple(dict.fromkeys(code for code in said if code))[:MOST_LANGUAGES]


def as_typed(form: type[forms.Form], data: MultiValueDict[str, str]) -> dict[str, Any]:
    """What was sent, as the initial values of a fresh form: nothing of it is judged yet."""
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, field in form.base_fields.items()
    }
