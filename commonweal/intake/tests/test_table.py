"""The table of conversations: whole, consistent, printed; and its keywords."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from commonweal.intake.conversations import drawing
from commonweal.intake.conversations.meanings import FOLDER, LANGUAGES, Meaning, heard_in, plain, words_of
from commonweal.intake.conversations.table import ROWS, TABLE, State, row_for
from commonweal.intake.conversations.turn import DEEDS
from commonweal.messaging.catalogue import CATALOGUE, REPLIES

PAGE = Path(settings.ROOT) / "docs" / "explanation" / "conversations.md"


class TestTable:
    @pytest.mark.parametrize("state", State)
    def test_every_meaning_has_a_row_in_every_state(self, state):
        assert {meaning for meaning in Meaning if row_for(state, meaning)} == set(Meaning)

    def test_no_meaning_has_two_rows_in_a_state(self):
        assert sum(len(row.states) * len(row.meanings) for row in TABLE) == len(ROWS)

    def test_every_row_names_what_there_is(self):
        assert {row.deed for row in TABLE} <= set(DEEDS)
        assert {reply for row in TABLE for reply in row.replies} <= set(CATALOGUE)

    def test_every_reply_is_used(self):
        # Said by the limits, and to who could be anybody, in any state; and by a person at the desk.
        held = {"say_too_many", "say_prove", "say_answer"}
        assert set(REPLIES) - held <= {reply for row in TABLE for reply in row.replies}

    def test_stop_does_the_same_everywhere(self):
        assert {ROWS[state, Meaning.STOP].deed for state in State} == {"stop"}


class TestPage:
    def test_the_page_shows_the_table_as_it_is(self):
        assert drawing.page_with_table(PAGE.read_text("utf-8")) == PAGE.read_text("utf-8")

    def test_the_command_prints_it(self, tmp_path, capsys):
        page = tmp_path / "page.md"
        page.write_text(f"Before\n{drawing.BEGIN}\nold\n{drawing.END}\nAfter\n", "utf-8")
        with pytest.raises(CommandError, match="out of date"):
            call_command("conversations", str(page), "--check")
        call_command("conversations", str(page))
        call_command("conversations", str(page), "--check")
        assert "is printed" in capsys.readouterr().out
        assert "`say_help`" in page.read_text("utf-8")

    @pytest.mark.parametrize("text", ["no marks", drawing.BEGIN])
    def test_a_page_without_marks_is_refused(self, tmp_path, text):
        page = tmp_path / "page.md"
        page.write_text(text, "utf-8")
        with pytest.raises(CommandError, match="no place"):
            call_command("conversations", str(page))


class TestWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_keyword_is_heard_as_what_it_stands_for(self, language):
        for word, meaning in words_of(language).whole.items():
            assert heard_in(word, language).meaning == meaning, word

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_keyword_stands_twice_in_a_language(self, language):
        seen = {}
        for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
            kind, colon, phrases = line.partition(":")
            if colon and not line.startswith("#") and kind not in ("alone", "besides", "stop anywhere"):
                for phrase in phrases.split(","):
                    bare = plain(phrase) or phrase.strip()
                    assert seen.setdefault(bare, kind) == kind, phrase

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_language_has_words_for_every_meaning(self, language):
        own = {"en": Meaning.ENGLISH, "es": Meaning.SPANISH, "ar": Meaning.ARABIC}
        without = {Meaning.DANGER, Meaning.NUMBER, Meaning.CODE, Meaning.NOTHING, Meaning.ASIDE, Meaning.TEXT}
        without.add(Meaning.RELAY)
        wanted = set(Meaning) - without - (set(own.values()) - {own[language]})
        assert wanted <= set(words_of(language).whole.values())

    @pytest.mark.parametrize(
        ("text", "meaning", "code"),
        [
            ("yes K7F-2QM", Meaning.YES, "K7F2QM"),
            ("NOT NEEDED k7f2qm", Meaning.NOT_NEEDED, "K7F2QM"),
            ("k7f 2qm", Meaning.CODE, "K7F2QM"),
            ("about K7F-2QM: the bell is broken", Meaning.TEXT, "K7F2QM"),
            ("2 #K7F-2QM", Meaning.NUMBER, "K7F2QM"),
            ("France", Meaning.TEXT, ""),
            ("AAA-AAO", Meaning.TEXT, ""),
            ("١", Meaning.NUMBER, ""),
            ("👍🏽👍🏽", Meaning.YES, ""),
        ],
    )
    def test_codes_and_numbers_beside_them(self, text, meaning, code):
        heard = heard_in(text, "en")
        assert (heard.meaning, heard.code) == (meaning, code)
