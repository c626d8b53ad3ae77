"""The table of conversations and its keywords, as the documentation shows them."""

from commonweal.intake.conversations.deeds import answering, asking, choosing, law, offering, owning, relaying
from commonweal.intake.conversations.meanings import LANGUAGES, Meaning, words_of
from commonweal.intake.conversations.table import ANYWHERE, TABLE, Row, State
from commonweal.intake.conversations.turn import DEEDS

BEGIN = "<!-- made by `commonweal conversations`: begin -->"
END = "<!-- made by `commonweal conversations`: end -->"
ROOMS = (answering, asking, choosing, law, offering, owning, relaying)
# How many keywords of a meaning the page names; the files have all of them.
NAMED = 4
# Not written but noticed.
WITHOUT_WORDS = {
    Meaning.DANGER: "whatever sounds like danger to life",
    Meaning.NUMBER: "`1`, `2`, `٣`",
    Meaning.CODE: "`K7F-2QM`",
    Meaning.NOTHING: "nothing, or only signs",
    Meaning.ASIDE: "more words after STOP or CANCEL",
    Meaning.RELAY: "words for whom one is matched with, through the network",
    Meaning.TEXT: "anything else",
}


def table() -> str:
    """Every row as a line of Markdown."""
    lines = ["| in | is meant | what is done | the answer | then |", "|---|---|---|---|---|"]
    lines += [
        f"| {_states(row)} | {', '.join(f'`{meaning}`' for meaning in row.meanings)} | {_deed(row)} | "
        f"{', '.join(f'`{name}`' for name in row.replies) or 'none'} | {_then(row)} |"
        for row in TABLE
    ]
    return "\n".join(lines)


def keywords() -> str:
    """Some keywords of every meaning, language by language."""
    lines = ["| meaning | " + " | ".join(LANGUAGES) + " |", "|---|" + "---|" * len(LANGUAGES)]
    for meaning in Meaning:
        said = [_said(language, meaning) for language in LANGUAGES]
        if meaning in WITHOUT_WORDS:
            said = [WITHOUT_WORDS[meaning]] + [""] * (len(LANGUAGES) - 1)
        lines.append(f"| `{meaning}` | " + " | ".join(said) + " |")
    return "\n".join(lines)


def page_with_table(page: str) -> str:
    """The page with everything between its two marks made anew; raises ValueError where it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the table")
    return f"{before}{BEGIN}\n\n{table()}\n\n{keywords()}\n\n{END}{after}"


def _states(row: Row) -> str:
    if row.states == ANYWHERE:
        return "any state"
    return ", ".join(state.value for state in State if state in row.states)


def _deed(row: Row) -> str:
    return (DEEDS[row.deed].__doc__ or "").split("\n")[0]


def _then(row: Row) -> str:
    return ", ".join(dict.fromkeys(state.value for state in row.then)) or "the same"


def _said(language: str, meaning: Meaning) -> str:
    words = [word for word, meant in words_of(language).whole.items() if meant == meaning]
    return ", ".join(words[:NAMED])
