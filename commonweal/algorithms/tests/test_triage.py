"""Saying what a short message is about: features, machines, calibration, and the model as a whole."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, sparse

from commonweal.algorithms.tests.triage_cast import examples
from commonweal.algorithms.triage.calibrating import best_threshold, fit_logistic, probability, reliability
from commonweal.algorithms.triage.features import (
    LONGEST,
    RUN,
    Vocabulary,
    hashed,
    plain,
    tokens,
    vocabulary_of,
)
from commonweal.algorithms.triage.likeness import groups_of, parts_of
from commonweal.algorithms.triage.machines import find_weights
from commonweal.algorithms.triage.model import NotAModel, coded, model_from
from commonweal.algorithms.triage.scoring import count, score
from commonweal.algorithms.triage.training import train

ODD = ["", " ", "\x00", "🙂🙂", "\ud800", "؟", "é" * 5000, "\u0301\u0301", "a" * 10_000, "לא", "ß"]


@pytest.fixture(scope="module")
def model():
    return train(examples(), about={"from": "cast"})


class TestFeatures:
    def test_accents_case_and_arabic_vowels_do_not_matter(self):
        assert plain("DLÒ") == plain("dlo")
        assert plain("مَاء") == plain("ماء")
        assert tokens("Èske nou gen dlo?") == ["eske", "nou", "gen", "dlo", "?"]

    def test_words_pairs_and_runs_of_letters_are_counted(self):
        found, counts = hashed("aa aa")
        runs = found >= RUN
        # Words: "aa" twice and the pair once. Runs: " a", "aa", "a ", " aa", "aa ", " aa " twice each.
        assert sorted(counts[~runs]) == [1, 2]
        assert sorted(counts[runs]) == [2] * 6

    def test_no_run_of_letters_reaches_over_a_gap(self):
        alone = {*hashed("ab")[0], *hashed("cd")[0]}
        together = hashed("ab cd")[0]
        assert [feature for feature in together if feature not in alone and feature >= RUN] == []

    @pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
    def test_any_text_is_taken(self, text, model):
        found, counts = hashed(text)
        assert len(found) == len(counts)
        assert ((model.read(text)[0] >= 0) & (model.read(text)[0] <= 1)).all()

    def test_what_stands_beyond_the_limit_is_not_read(self):
        assert (hashed("word " * LONGEST)[0] == hashed(("word " * LONGEST)[:LONGEST])[0]).all()

    @given(st.text(max_size=60))
    def test_both_halves_of_a_row_have_length_one_or_nothing(self, text):
        vocabulary = vocabulary_of([text, text, text])
        places, weights = vocabulary.row(text)
        runs = vocabulary.features[places] >= RUN
        for part in (weights[runs], weights[~runs]):
            assert not len(part) or float(part @ part) == pytest.approx(1, abs=1e-5)

    def test_what_is_rare_is_left_out_and_worth_more_when_not(self):
        vocabulary = vocabulary_of(["one two", "one two", "one three"], least_words=2, least_runs=9)
        words = hashed("one two")[0]
        assert set(vocabulary.features) == set(words[words < RUN])
        worth = {tuple(vocabulary.row(word)[0]): word for word in ("one", "two")}
        places = {word: at[0] for at, word in worth.items()}
        assert vocabulary.worth[places["two"]] > vocabulary.worth[places["one"]]

    def test_an_empty_vocabulary_knows_nothing(self):
        vocabulary = vocabulary_of([])
        assert vocabulary.matrix(["some words"]).nnz == 0
        assert vocabulary.matrix([]).shape == (0, 0)

    def test_a_matrix_is_its_rows(self):
        texts = ["we need water", "we need rice", "", "water water"]
        vocabulary = vocabulary_of(texts, least_words=1, least_runs=1)
        rows = vocabulary.matrix(texts)
        for number, text in enumerate(texts):
            places, weights = vocabulary.row(text)
            assert (rows[number].indices == places).all()
            assert rows[number].data == pytest.approx(weights)


class TestMachines:
    def naive(self, rows, signs, cost):
        """The same sum made least by a general method."""
        dense = np.column_stack([rows.toarray(), np.ones(rows.shape[0])])[signs != 0]
        signs = signs[signs != 0]

        def loss(weights):
            short = np.maximum(0, 1 - signs * (dense @ weights))
            return weights @ weights / 2 + cost * short @ short, weights - 2 * cost * dense.T @ (
                signs * short
            )

        return optimize.minimize(loss, np.zeros(dense.shape[1]), jac=True, method="L-BFGS-B").x

    @pytest.mark.parametrize("cost", [0.1, 1.0])
    def test_weights_are_the_best_ones(self, cost):
        draw = np.random.default_rng(5)
        rows = sparse.csr_matrix(draw.random((60, 9)) * (draw.random((60, 9)) < 0.5))
        signs = np.where(rows.toarray()[:, 0] + 0.3 * draw.random(60) > 0.5, 1, -1)
        signs[:5] = 0
        weights, bias = find_weights(rows, signs, cost=cost, rounds=2000, tolerance=1e-9)
        assert [*weights, bias] == pytest.approx(self.naive(rows, signs, cost), abs=1e-4)

    def test_it_comes_out_the_same_each_time(self):
        rows = sparse.csr_matrix(np.random.default_rng(2).random((40, 6)))
        signs = np.where(np.arange(40) % 3, 1, -1)
        once, again = (find_weights(rows, signs, cost=0.1) for _ in range(2))
        assert (once[0] == again[0]).all()
        assert once[1] == again[1]


class TestCalibrating:
    def test_a_logistic_curve_is_found_again(self):
        draw = np.random.default_rng(3)
        margins = draw.normal(size=20_000)
        truths = (draw.random(20_000) < probability(2 * margins - 1)).astype(float)
        assert fit_logistic(margins[:, None], truths) == pytest.approx([2, -1], abs=0.1)

    def test_a_perfect_margin_gives_no_certainty(self):
        margins = np.array([-1.0] * 10 + [1.0] * 10)
        found = fit_logistic(margins[:, None], (margins > 0).astype(float), pull=0.001)
        assert 0.8 < probability(found @ [1, 1]) < 0.95

    @pytest.mark.parametrize("case", [17, 46, 53])
    def test_margins_of_any_size_come_to_the_best_curve(self, case):
        """A whole step of Newton's overshoots here; and after one round it is better than nothing."""
        draw = np.random.default_rng(case)
        margins = draw.normal(size=(12, 1)) * 10 ** draw.uniform(-1, 4)
        truths = (draw.random(12) < 0.3).astype(float)

        def loss(found):
            yes = truths.sum()
            aims = np.where(truths > 0, (yes + 1) / (yes + 2), 1 / (12 - yes + 2))
            logits = margins[:, 0] * found[0] + found[1]
            return (np.logaddexp(0, logits) - aims * logits).sum() + 0.05 * found[0] ** 2

        found = fit_logistic(margins, truths, pull=0.1)
        scale = 1 / np.abs(margins).max()
        for step in ([scale, 0], [-scale, 0], [0, 0.05], [0, -0.05]):
            assert loss(found) <= loss(found + step)
        assert loss(fit_logistic(margins, truths, pull=0.1, rounds=1)) < loss(np.zeros(2))

    def test_the_best_threshold_cuts_equal_chances_together(self):
        chances = np.array([0.9, 0.6, 0.6, 0.2])
        border, f1 = best_threshold(chances, np.array([1.0, 1.0, 0.0, 0.0]))
        assert f1 == pytest.approx(0.8)
        assert border == pytest.approx((0.6 + 0.4) / 2)

    def test_without_a_yes_there_is_no_threshold_to_find(self):
        assert best_threshold(np.array([0.1, 0.9]), np.zeros(2)) == (0.5, 0.0)

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
    def test_no_other_cut_is_better(self, pairs):
        chances, truths = (np.array(column, float) for column in zip(*pairs, strict=True))
        f1 = best_threshold(chances, truths)[1]
        for cut in chances:
            said = chances >= cut
            if truths.sum():
                assert 2 * (said * truths).sum() / (said.sum() + truths.sum()) <= f1 + 1e-12

    def test_reliability_is_how_far_off_what_was_said_is(self):
        fair = reliability(np.full(10, 0.55), np.array([1.0] * 5 + [0.0] * 5))
        assert fair.error == pytest.approx(0.05)
        assert reliability(np.ones(4), np.zeros(4)).brier == 1
        assert reliability(np.empty(0), np.empty(0)).error == 0


class TestLikeness:
    def test_nearly_the_same_is_one_group_also_by_way_of_another(self):
        long = "we are on the roof of the school with forty people and no water since tuesday morning please come"
        texts = [[long], ["other words about rice"], [f"{long} soon"], ["LONG", f"{long} soon!"]]
        assert groups_of(texts).tolist() == [0, 1, 0, 0]

    def test_texts_without_words_are_groups_of_their_own(self):
        assert groups_of([[""], ["..."], []]).tolist() == [0, 1, 2]

    def test_a_split_is_the_same_each_time_and_tears_no_group(self):
        groups = np.repeat(np.arange(0, 400, 4), 4)
        names = [f"name {number}" for number in range(400)]
        parts = parts_of(names, groups, parts=5, salt="held")
        assert (parts == parts_of(names, groups, parts=5, salt="held")).all()
        assert (parts.reshape(-1, 4) == parts.reshape(-1, 4)[:, :1]).all()
        assert (parts != parts_of(names, groups, parts=5, salt="other")).any()
        assert set(parts.tolist()) == {0, 1, 2, 3, 4}

    def test_the_split_of_the_benchmark_does_not_move(self):
        """Numbers that were published rest on it."""
        parts = parts_of(["2", "7", "12", "14", "15", "16"], np.arange(6), parts=5, salt="held")
        assert parts.tolist() == [2, 4, 3, 4, 3, 0]


class TestModel:
    def test_it_reads_both_languages_and_words_it_never_saw_whole(self, model):
        food = model.labels.index("food")
        for text in ("we want bread", "nou vle pen", "no breads"):
            assert model.read(text)[1][food], text
        assert not model.read("people on the road")[1][food]

    def test_what_nobody_translated_has_thresholds_of_its_own(self, model):
        usual, untold = model.thresholds
        assert (usual != untold).any()
        cast = examples()
        few = replace(
            cast, originals=["" if number > 20 else text for number, text in enumerate(cast.originals)]
        )
        usual, untold = train(few).thresholds
        assert (usual == untold).all()

    def test_a_label_that_hardly_occurs_is_left_out(self, model):
        assert model.labels == ("food", "water")

    def test_no_label_at_all_is_refused(self):
        none = examples(30)
        with pytest.raises(ValueError, match="no label has 20"):
            train(replace(none, truths=np.zeros_like(none.truths)))

    def test_where_all_are_alike_it_still_trains(self):
        cast = examples()
        alike = train(replace(cast, groups=np.zeros_like(cast.groups)))
        assert ((alike.read("bread")[0] > 0) & (alike.read("bread")[0] < 1)).all()

    def test_what_nobody_could_say_counts_neither_way(self):
        cast = examples()
        untold = cast.truths.copy()
        untold[:, 1] = -1
        untold[:60, 1] = cast.truths[:60, 1]
        assert train(replace(cast, truths=untold)).labels == ("food", "water")

    def test_the_same_examples_give_the_same_file(self, model):
        assert train(examples(), about={"from": "cast"}).to_bytes() == model.to_bytes()

    def test_it_is_the_same_after_the_file(self, model):
        again = model_from(model.to_bytes())
        text = "the people want water"
        assert again.read(text)[0] == pytest.approx(model.read(text)[0], abs=2e-3)
        assert again.labels == model.labels
        assert again.about["messages"] == 240
        assert again.to_bytes() == model.to_bytes()

    def test_many_texts_at_once_are_the_same_as_one_by_one(self, model):
        texts = ["bread", "dlo", ""]
        assert (model.read_all(texts)[0] == [model.read(text)[0] for text in texts]).all()
        assert (model.read_all(texts)[1] == [model.read(text)[1] for text in texts]).all()
        assert model.read_all([])[1].shape == (0, 2)

    def test_weights_lose_little_when_they_are_coded(self):
        weights = np.array([[1.0, 0.0], [-0.01, 0.0], [0.3, 0.0]])
        codes, scale = coded(weights)
        back = np.sign(codes) * (codes / 127.0) ** 2 * scale
        assert back == pytest.approx(weights, abs=0.01)
        assert scale.tolist() == [1, 1]

    def test_the_file_holds_no_word(self, model):
        with zipfile.ZipFile(io.BytesIO(model.to_bytes())) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
        assert b"bread" not in content
        assert b"thirsty" not in content

    @pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04"])
    def test_what_is_no_model_is_refused(self, content):
        with pytest.raises(NotAModel):
            model_from(content)

    def test_a_model_that_does_not_fit_together_is_refused(self, model):
        torn = replace(model, codes=model.codes[:-1])
        with pytest.raises(NotAModel, match="fit together"):
            model_from(torn.to_bytes())

    def test_another_format_is_refused(self, model, monkeypatch):
        monkeypatch.setattr("commonweal.algorithms.triage.model.FORMAT", 9)
        content = model.to_bytes()
        monkeypatch.undo()
        with pytest.raises(NotAModel, match="format 9"):
            model_from(content)

    def test_taken_examples_keep_their_groups(self):
        cast = replace(examples(6), groups=np.array([0, 0, 2, 2, 4, 0]))
        some = cast.taken(np.array([False, True, True, False, True, True]))
        assert some.names == ["1", "2", "4", "5"]
        assert some.groups.tolist() == [0, 1, 2, 0]


class TestScoring:
    def test_counts_are_right_and_untold_ones_left_out(self):
        one = count("food", np.array([True, True, False, True]), np.array([1, 0, 1, -1]))
        assert (one.told, one.yes, one.said, one.right) == (3, 2, 2, 1)
        assert (one.precision, one.recall, one.f1) == (0.5, 0.5, 0.5)
        nothing = count("food", np.zeros(2, bool), np.zeros(2))
        assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)

    def test_a_label_that_the_model_does_not_know_is_never_found(self, model):
        truths = np.array([[1, 1], [0, 0]])
        texts = ["house family bread week", "house family road week"]
        scored = score(model, ("food", "snow"), model.read_all(texts), truths)
        assert [one.recall for one in scored.labels] == [1, 0]
        assert scored.macro_f1(1) == 0.5
        assert scored.macro_f1() == 0
        assert scored.as_json(1)["labels"]["snow"]["f1"] == 0

    def test_only_sure_answers_are_fewer_and_better(self, model):
        named = replace(model, labels=("request", "water"))
        cast = examples(400, seed=9)
        scored = score(named, ("request",), model.read_all(cast.messages), cast.truths[:, :1])
        steps = scored.abstaining
        assert sorted((one.answered for one in steps), reverse=True) == [one.answered for one in steps]
        assert steps[0].answered == 1
        assert steps[0].accuracy > 0.95

    def test_nothing_known_is_scored_as_nothing(self, model):
        scored = score(model, ("snow",), model.read_all([]), np.empty((0, 1)))
        assert scored.labels == ()
        assert scored.calibration_error == 0


def test_a_vocabulary_can_be_empty_beside_features():
    none = Vocabulary(features=np.empty(0, np.uint32), worth=np.empty(0, np.float32))
    assert none.row("some words")[0].tolist() == []
