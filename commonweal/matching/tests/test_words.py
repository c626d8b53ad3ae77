"""Why not, in words: every rule has its own, and a block has none."""

from commonweal.algorithms.matching import Before
from commonweal.algorithms.matching.judging import HARD_RULES
from commonweal.matching.words import UNSAID, WHY_NOT, why_not_in_words


def test_each_rule_is_said():
    assert why_not_in_words("resting") == "was asked a short while ago and rests"
    assert why_not_in_words("silent") == "was asked and did not answer"


def test_a_block_and_one_s_own_ask_are_said_alike():
    assert why_not_in_words("blocked") == why_not_in_words("own_ask") == str(UNSAID)


def test_every_rule_has_words_of_its_own():
    rules = {rule.__name__.strip("_") for rule in HARD_RULES} - {"before", "blocked", "own_ask", "needs"}
    passed = {before.value for before in Before if before}
    assert set(WHY_NOT) == rules | passed | {"needs_not_met", "asked_enough"}
    assert len({str(words) for words in WHY_NOT.values()}) == len(WHY_NOT)
