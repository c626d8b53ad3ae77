"""Every write of this room."""

from commonweal.assembly.actions.deeds import (
    agree_deed,
    allowed,
    ask_deed,
    ask_end,
    ask_mandate,
    cancel_deed,
    use_deed,
)
from commonweal.assembly.actions.erasing import erase_network
from commonweal.assembly.actions.mandates import (
    end_mandate,
    end_mandates_of,
    give_back,
    give_mandate,
    make_known,
    stand,
    stand_back,
)

__all__ = [
    "agree_deed",
    "allowed",
    "ask_deed",
    "ask_end",
    "ask_mandate",
    "cancel_deed",
    "end_mandate",
    "end_mandates_of",
    "erase_network",
    "give_back",
    "give_mandate",
    "make_known",
    "stand",
    "stand_back",
    "use_deed",
]
