"""Which column means what."""

import tomllib

import pytest

from commonweal.intake.sheets.mapping import MapUnreadable, folded, guess_map, read_map

FORM = (
    "Timestamp",
    "First Name",
    "Phone Number",
    "What do you need?",
    "Anything else?",
    "Neighborhood",
    "Household size",
)


def test_the_columns_of_a_usual_form_are_guessed():
    guessed = guess_map("asks", FORM)
    assert guessed.columns == {
        "category": ("What do you need?",),
        "words": ("Anything else?",),
        "name": ("First Name",),
        "phone": ("Phone Number",),
        "area": ("Neighborhood",),
        "created": ("Timestamp",),
        "people": ("Household size",),
    }


def test_spanish_columns_are_guessed_and_no_column_is_used_twice():
    guessed = guess_map("asks", ("Marca temporal", "Nombre", "Teléfono", "¿Qué necesita?", "Barrio"))
    assert guessed.columns["phone"] == ("Teléfono",)
    assert guessed.columns["category"] == ("¿Qué necesita?",)
    used = [column for columns in guessed.columns.values() for column in columns]
    assert len(used) == len(set(used))


def test_a_guess_written_down_reads_back_the_same(tmp_path):
    guessed = guess_map("asks", ('Say "what"', "Type", "Notes"))
    path = tmp_path / "map.toml"
    path.write_text(guessed.as_toml(), encoding="utf-8")
    assert read_map("asks", path, ('Say "what"', "Type", "Notes")) == guessed
    assert tomllib.loads(guessed.as_toml())["read"] == {"new_categories": False, "day_first": False}


def test_joined_columns_defaults_and_categories(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        '[columns]\nwords = ["A", "B"]\ncategory = "C"\n[categories]\n"Food Shopping" = "groceries"\n'
        '[defaults]\npeople = "3"\n[read]\nday_first = true\n'
    )
    sheet_map = read_map("asks", path, ("A", "B", "C"))
    assert sheet_map.value("words", {"A": " one ", "B": "two"}) == "one. two"
    assert sheet_map.value("words", {"A": "", "B": "two"}) == "two"
    assert sheet_map.value("people", {}) == "3"
    assert sheet_map.categories == {"food shopping": "groceries"}
    assert sheet_map.day_first


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[columns", "can't be read"),
        ('[columns]\nhat = "A"', "no field of asks"),
        ('[columns]\ncategory = "Z"', "no column 'Z'"),
        ("columns = 3", "must be a table"),
        ("[defaults]\npeople = 3", "text in quotes"),
        ('[defaults]\nnature = "magic"', "nature must be one of"),
        ('[read]\nday_first = "yes"', "true or false"),
        ("[surprise]\na = 1", "means nothing here"),
    ],
)
def test_a_map_that_can_not_be_followed_says_where(tmp_path, toml, words):
    path = tmp_path / "map.toml"
    path.write_text(toml)
    with pytest.raises(MapUnreadable, match=words):
        read_map("asks", path, ("A", "B"))


def test_a_missing_map_is_refused(tmp_path):
    with pytest.raises(MapUnreadable, match="can't be read"):
        read_map("asks", tmp_path / "nowhere.toml", ("A",))


def test_folding_drops_case_accents_and_signs():
    assert folded("  ¿Qué NECESITA?_ ") == "que necesita"
