"""What a group's corrections add: it learns, keeps what it had, and never gets worse on what was held back."""

import numpy as np
import pytest

from commonweal.algorithms.triage.own import BUCKETS, LEAST, Corrections, added, buckets, learn

KEY = bytes(range(16))
NONE = np.zeros((BUCKETS, 3))


def corrections(texts_and_rights, *, fresh=True, start=0):
    texts = [text for text, _ in texts_and_rights]
    return Corrections(
        names=[f"c{number}" for number in range(start, start + len(texts))],
        texts=texts,
        right=np.array([right for _, right in texts_and_rights]),
        odds=np.zeros((len(texts), 3)),
        fresh=np.full(len(texts), fresh),
    )


def of_the_garden(count):
    """People of this group call a spade what elsewhere is a word for nothing."""
    words = [("zolber please", 1), ("need a mirtok", 2)]
    return [(f"{text} {number}", right) for number in range(count // 2) for text, right in words]


def test_it_learns_the_group_s_own_words():
    lesson = learn(corrections(of_the_garden(40)), NONE, KEY)
    assert lesson.taken
    assert lesson.rights[2] > lesson.rights[0]
    assert lesson.losses[2] < lesson.losses[0]
    assert added("some zolber", lesson.weights, KEY).argmax() == 1
    assert added("mirtok?", lesson.weights, KEY).argmax() == 2


def test_it_comes_out_the_same_each_time():
    once, again = (learn(corrections(of_the_garden(40)), NONE, KEY) for _ in range(2))
    assert (once.weights == again.weights).all()


def test_too_few_teach_nothing():
    lesson = learn(corrections(of_the_garden(LEAST)), NONE, KEY)
    assert not lesson.taken
    assert lesson.taught == 0
    assert not lesson.weights.any()


def test_what_taught_before_does_not_teach_again():
    lesson = learn(corrections(of_the_garden(40), fresh=False), NONE, KEY)
    assert not lesson.taken


def test_nonsense_is_not_taken():
    """The same words, given this and that category: on those held back it only gets worse, so nothing changes."""
    draw = np.random.default_rng(4)
    mixed = [(f"zolber {draw.integers(9)}", int(draw.integers(3))) for _ in range(80)]
    before = learn(corrections(of_the_garden(40)), NONE, KEY).weights
    for start in range(0, 800, 80):
        lesson = learn(corrections(mixed, start=start), before, KEY)
        if lesson.taught:
            assert lesson.losses[2] <= lesson.losses[1]
            assert lesson.rights[2] >= max(lesson.rights[:2])


def test_what_has_become_worse_than_nothing_is_dropped():
    backwards = np.zeros_like(NONE)
    for text, right in of_the_garden(4):
        places, values = buckets(text, KEY)
        backwards[places, right] -= 9 * values
    kept = Corrections(
        names=[f"c{number}" for number in range(60)],
        texts=["zolber please"] * 60,
        right=np.array([1] * 60),
        odds=np.zeros((60, 3)),
        fresh=np.ones(60, bool),
    )
    # What is taught now says nothing of what is asked: none of the words is shared.
    held = [number for number, name in enumerate(kept.names) if _held(name)]
    texts = [text if number in held else "quite another thing" for number, text in enumerate(kept.texts)]
    right = np.array([1 if number in held else 0 for number in range(60)])
    lesson = learn(
        Corrections(names=kept.names, texts=texts, right=right, odds=kept.odds, fresh=kept.fresh),
        backwards,
        KEY,
    )
    assert lesson.taken
    assert not lesson.weights.any()
    assert lesson.taught == 0


def _held(name):
    from commonweal.algorithms.triage.own import _is_held

    return _is_held(name)


def test_earlier_lessons_stay_where_nothing_new_is_said():
    before = learn(corrections(of_the_garden(40)), NONE, KEY).weights
    more = [(f"a plonker {number}", 0) for number in range(40)]
    lesson = learn(corrections(more, start=100), before, KEY)
    assert lesson.taken
    assert added("zolber", lesson.weights, KEY).argmax() == 1
    assert added("plonker", lesson.weights, KEY).argmax() == 0


def test_another_key_puts_words_elsewhere():
    other = bytes(range(1, 17))
    assert set(buckets("zolber please", KEY)[0]) != set(buckets("zolber please", other)[0])


@pytest.mark.parametrize("text", ["", "  ", "\x00", "🙂"])
def test_a_text_without_words_adds_nothing(text):
    places, values = buckets(text, KEY)
    assert len(places) == len(values) == 0
    assert not added(text, NONE + 1, KEY).any()


def test_a_text_is_a_vector_of_length_one():
    _places, values = buckets("nou bezwen zolber", KEY)
    assert values @ values == pytest.approx(1)
