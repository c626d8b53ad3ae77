"""The table of conversations: in which state what is meant leads to which deed, which replies and which next state.

The table is data. What the deeds do stands in ``deeds``; the keywords of each language in ``words/``; the replies are
templates of the outbox. docs/explanation/conversations.md shows it as it stands here.
"""

from dataclasses import dataclass
from enum import StrEnum

from commonweal.intake.conversations.meanings import Meaning


class State(StrEnum):
    """Where a conversation stands: what was asked last, if anything."""

    IDLE = "idle"
    ASKING = "asking"  # an ask is being said; one thing is missing
    CONFIRMING = "confirming"  # an ask was read back
    OFFERING = "offering"  # the same for an offer
    PROMISING = "promising"
    CHOOSING = "choosing"  # several things could be meant
    CHANGING = "changing"  # what should change?
    NAMING = "naming"  # who goes along?


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """In one of ``states``, ``meanings`` lead to ``deed``, which answers with one of ``replies``.

    ``replies`` name templates; none means that silence may be right. Those in notices of the exchange (``ask_received``
    …) are written by what is done there. ``then`` are the states that may follow; empty: the same as before.
    """

    states: frozenset[State]
    meanings: tuple[Meaning, ...]
    deed: str
    replies: tuple[str, ...] = ()
    then: tuple[State, ...] = ()

    @property
    def locks(self) -> bool:
        """Whether the deed takes hold of asks, members or offers that are there already."""
        return self.deed in LOCKING


# What changes a thing that others may be changing at this moment.
LOCKING = {
    "add_offer", "back", "by_number", "cant", "change", "change_to", "choose", "done", "go_with", "home",
    "home_or_back", "missed", "no", "on_way", "partly", "pause", "publish_offer", "relay", "still", "withdraw", "yes",
}  # fmt: skip
ANYWHERE = frozenset(State)
SAYING = frozenset({State.ASKING, State.CONFIRMING})
GIVING = frozenset({State.OFFERING, State.PROMISING})
OPEN = frozenset({State.IDLE})
# Something was asked, and what is said of another thing counts all the same.
ASIDE = OPEN | {State.CHANGING, State.NAMING}
M = Meaning
IDLE = (State.IDLE,)
# What may come of a free text that says what somebody needs or can do.
BEGUN = (State.ASKING, State.CONFIRMING, State.OFFERING, State.PROMISING, State.IDLE)
ASKED = (
    "say_what", "say_where", "say_when", "say_read_back", "say_offer_what", "say_name", "say_offer_back", "say_person",
)  # fmt: skip
ANSWERED = (
    "agreed_helper", "say_agreed", "say_declined", "say_taken", "say_week_full", "say_over", "say_which",
    "say_reported", "say_kept", "say_gone", "say_stands", "say_withdrawn", "say_nothing_open", "say_not_now",
    "say_person",
)  # fmt: skip
SOMEWHERE = (State.IDLE, State.CHOOSING)


def _row(states: frozenset[State], *meanings: Meaning, deed: str, **further: tuple[str, ...]) -> Row:
    then = tuple(State(name) for name in further.get("then", ()))
    return Row(states=states, meanings=meanings, deed=deed, replies=further.get("replies", ()), then=then)


TABLE: tuple[Row, ...] = (
    # The law, and what has to be heard whatever is being talked about.
    _row(ANYWHERE, M.STOP, deed="stop", replies=("stopped",), then=IDLE),
    _row(ANYWHERE, M.START, deed="start", replies=("say_started",), then=IDLE),
    _row(ANYWHERE, M.HELP, deed="help", replies=("say_help",)),
    _row(ANYWHERE, M.WRONG, deed="wrong_number", replies=("stopped",), then=IDLE),
    _row(ANYWHERE, M.DANGER, deed="danger", replies=("say_danger",)),
    _row(ANYWHERE, M.PERSON, deed="person", replies=("say_person",)),
    _row(ANYWHERE, M.ENGLISH, M.SPANISH, M.ARABIC, deed="speak", replies=("say_language",)),
    _row(ANYWHERE, M.STATUS, deed="status", replies=("say_status", "say_nothing_open")),
    _row(ANYWHERE, M.PAUSE, deed="pause", replies=("say_paused", "say_not_member")),
    _row(ANYWHERE - ASIDE, M.BACK, deed="back", replies=("say_back", "say_not_member")),
    _row(ANYWHERE, M.ASIDE, M.NOTHING, deed="unclear", replies=("say_person",)),
    _row(ANYWHERE, M.THANKS, deed="nod"),
    # Between two who are matched, handed on by the network.
    _row(
        ANYWHERE, M.RELAY, deed="relay", replies=("say_passed_on", "say_which", "say_not_now"),
        then=(State.IDLE, State.CHOOSING),
    ),
    # An ask, from the first word to the short code.
    _row(frozenset(State) - GIVING, M.ASK, deed="begin_ask", replies=("say_what",), then=(State.ASKING,)),
    _row(
        OPEN, M.TEXT, M.ANY_TIME, M.SKIP, M.CODE, deed="begin",
        replies=(*ASKED, "say_status", "say_nothing_open"), then=BEGUN,
    ),
    _row(
        frozenset({State.ASKING}), M.TEXT, M.NUMBER, M.CODE, M.YES, M.NO, M.ANY_TIME, M.SKIP, M.STILL, M.DONE, M.PARTLY,
        M.MISSED, M.CANT, M.CHANGE, M.ON_WAY, M.HOME, deed="add", replies=ASKED, then=BEGUN,
    ),
    _row(frozenset({State.CONFIRMING}), M.YES, deed="publish", replies=("ask_received",), then=IDLE),
    _row(
        frozenset({State.CONFIRMING}), M.NUMBER, deed="publish_or_drop",
        replies=("ask_received", "say_forgotten", "say_person"), then=(State.IDLE, State.CONFIRMING),
    ),
    _row(
        frozenset({State.CONFIRMING}), M.TEXT, M.CODE, M.ANY_TIME, M.SKIP, M.STILL, M.DONE, M.PARTLY, M.MISSED,
        M.ON_WAY, M.HOME, deed="amend", replies=("say_read_back", "say_person"), then=(State.CONFIRMING, State.IDLE),
    ),
    _row(frozenset({State.CONFIRMING}), M.CHANGE, deed="what_else", replies=("say_change",)),
    _row(SAYING | GIVING, M.NOT_NEEDED, deed="forget", replies=("say_forgotten",), then=IDLE),
    _row(frozenset({State.CONFIRMING, State.PROMISING}), M.NO, M.CANT, deed="forget", replies=("say_forgotten",),
         then=IDLE),
    # An offer.
    _row(
        frozenset(State) - SAYING - GIVING, M.OFFER, deed="begin_offer",
        replies=("say_offer_what",), then=(State.OFFERING,),
    ),
    _row(SAYING, M.OFFER, deed="begin_offer", replies=("say_offer_what",), then=(State.OFFERING,)),
    _row(GIVING, M.ASK, deed="begin_ask", replies=("say_what",), then=(State.ASKING,)),
    _row(
        GIVING, M.TEXT, M.NUMBER, M.CODE, M.OFFER, M.ANY_TIME, M.SKIP, M.STILL, M.DONE, M.PARTLY, M.MISSED, M.CHANGE,
        M.ON_WAY, M.HOME, deed="add_offer", replies=(*ASKED, "say_offered", "say_forgotten"), then=BEGUN,
    ),
    _row(frozenset({State.OFFERING}), M.YES, M.NO, M.CANT, deed="add_offer", replies=ASKED, then=BEGUN),
    _row(frozenset({State.PROMISING}), M.YES, deed="publish_offer", replies=("say_offered",), then=IDLE),
    # Answers: to an invitation, to "how did it go", to "is it still needed", to "does your offer still stand".
    _row(OPEN, M.YES, deed="yes", replies=ANSWERED, then=SOMEWHERE),
    _row(OPEN, M.NO, deed="no", replies=ANSWERED, then=SOMEWHERE),
    _row(OPEN, M.NUMBER, deed="by_number", replies=ANSWERED, then=SOMEWHERE),
    _row(ASIDE, M.DONE, deed="done", replies=ANSWERED, then=SOMEWHERE),
    _row(ASIDE, M.PARTLY, deed="partly", replies=ANSWERED, then=SOMEWHERE),
    _row(ASIDE, M.MISSED, deed="missed", replies=ANSWERED, then=SOMEWHERE),
    _row(ASIDE, M.CANT, deed="cant", replies=("say_dropped", *ANSWERED), then=SOMEWHERE),
    _row(ASIDE, M.STILL, deed="still", replies=ANSWERED, then=SOMEWHERE),
    # Setting out to somebody, and being back.
    _row(
        ASIDE, M.ON_WAY, deed="on_way",
        replies=("say_on_way", "say_in_twos", "say_which", "say_nothing_open", "say_not_now", "say_person"),
        then=(*SOMEWHERE, State.NAMING),
    ),
    _row(ASIDE | {State.CHOOSING}, M.HOME, deed="home", replies=("say_home", "say_which", "say_nothing_open"),
         then=SOMEWHERE),
    _row(
        ASIDE, M.BACK, deed="home_or_back", replies=("say_home", "say_which", "say_back", "say_not_member"),
        then=(*SOMEWHERE, State.CHANGING, State.NAMING),
    ),
    _row(
        frozenset({State.NAMING}), M.TEXT, deed="go_with",
        replies=("say_on_way", "say_over", "say_not_now", "say_person"), then=IDLE,
    ),
    _row(
        frozenset({State.NAMING}), M.NUMBER, M.CODE, M.YES, M.ANY_TIME, M.SKIP, M.CHANGE, deed="unclear",
        replies=("say_person",),
    ),
    _row(frozenset({State.NAMING}), M.NO, M.NOT_NEEDED, deed="forget", replies=("say_forgotten",), then=IDLE),
    # What is up already.
    _row(OPEN, M.CHANGE, deed="change", replies=("say_change", *ANSWERED), then=(*SOMEWHERE, State.CHANGING)),
    _row(
        OPEN | {State.CHANGING, State.CHOOSING}, M.NOT_NEEDED, deed="withdraw", replies=("say_withdrawn", *ANSWERED),
        then=SOMEWHERE,
    ),
    _row(
        frozenset({State.CHANGING}), M.TEXT, M.NUMBER, M.CODE, M.YES, M.ANY_TIME, M.SKIP, M.CHANGE, deed="change_to",
        replies=("say_changed", "say_not_now", "say_person"), then=IDLE,
    ),
    _row(frozenset({State.CHANGING}), M.NO, deed="forget", replies=("say_forgotten",), then=IDLE),
    # Which of several.
    _row(
        frozenset({State.CHOOSING}), M.NUMBER, M.CODE, M.TEXT, M.YES, M.NO, M.DONE, M.PARTLY, M.MISSED, M.CANT, M.STILL,
        M.CHANGE, M.ANY_TIME, M.SKIP, M.ON_WAY, deed="choose",
        replies=(
            "say_on_way", "say_in_twos", "say_home", "say_dropped", "say_withdrawn", "say_change", "say_status",
            "say_passed_on", *ANSWERED, *ASKED,
        ),
        then=(*BEGUN, *SOMEWHERE, State.CHANGING, State.NAMING),
    ),
)  # fmt: skip


ROWS = {(state, meaning): row for row in TABLE for state in row.states for meaning in row.meanings}


def row_for(state: str, meaning: Meaning) -> Row:
    """The row for what was heard in this state; every meaning has one in every state."""
    return ROWS[State(state), meaning]
