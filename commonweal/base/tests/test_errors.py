"""A refusal is an answer with words."""

import pytest
from django.utils import translation

from commonweal.base.errors import NotAllowed, NotFound, Refused, Stale, TooMany


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refused(), 400), (NotFound(), 404), (NotAllowed(), 403), (Stale(), 409), (TooMany(30), 429)],
)
def test_refusal_has_a_status_and_words(refusal, status):
    assert refusal.status == status
    assert str(refusal).endswith(".")
    assert isinstance(refusal, Refused)


def test_refusal_may_have_words_of_its_own():
    assert str(Refused("The kettle is taken.")) == "The kettle is taken."
    assert str(NotFound(words="No such kettle.")) == "No such kettle."
    assert TooMany(30).wait == 30


def test_words_are_said_in_the_language_of_the_reader(monkeypatch):
    with translation.override("en"):
        assert str(NotAllowed()) == "This is for somebody else to do."
