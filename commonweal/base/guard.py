"""Telling people from machines that fill in forms, by our own means: a trap, haste, and a piece of work.

Nobody outside is asked, and nobody is shown a riddle. While it is calm only a filled-in trap and inhuman haste count.
When a lot comes from one address, or where the policy wants it always, the browser does a small piece of work; one
that runs no script waits half a minute instead. What comes of a doubt is the form's own business: an ask is never
refused for it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.errors import Refused, TooMany
from commonweal.base.ids import new_token
from commonweal.base.limits import count_once, counted

SALT = "commonweal.base.guard"
#: Nobody sees the field of this name; what fills in everything it finds fills in this too.
TRAP = "website"
STAMP, PROOF = "stamp", "proof"
# Reading the title takes longer.
HASTE = timedelta(seconds=2)
# What a browser without a script waits instead of working.
PATIENCE = timedelta(seconds=30)
LASTS = timedelta(hours=12)
# One stamp is for one form, sent again after a correction or two.
MOST_USES = 5
# Two to this power tries on average: a third of a second in a browser, three on an old phone.
BITS = 16
# A limit is near from this share of it on.
NEAR = 4
#: What strangers press in a whole network in an hour is counted under this name (web.pace); so many are a flood, from
#: however many addresses it comes.
STRANGERS, FLOOD = "presses of strangers", 2000


class Looks(StrEnum):
    """What a form that was sent looks like."""

    PERSON = "person"
    HASTY = "hasty"
    UNPROVEN = "unproven"
    MACHINE = "machine"


class Doubtful(Refused):
    """It may be a machine that writes; a person gets past by waiting for a moment."""

    status = 422
    words = _(
        "A lot comes from where you are right now. "
        "Please wait half a minute and press again; what you typed is still here."
    )


@dataclass(frozen=True, kw_only=True)
class Guard:
    """One form that strangers may send. ``what`` and ``most`` are those of its limit (base.limits).

    ``said`` is what was sent; ``network`` is whose form it is, and ``is_wanted`` whether it wants proof at all times.
    """

    what: str
    whose: str
    most: int
    within: timedelta
    network: str
    said: Mapping[str, str]
    is_wanted: bool = False

    @cached_property
    def is_busy(self) -> bool:
        """Whether proof is wanted now."""
        if self.is_wanted:
            return True
        here, everywhere = counted((self.what, self.whose), (STRANGERS, self.network), within=self.within)
        return here * NEAR >= self.most or everywhere >= FLOOD

    @cached_property
    def stamp(self) -> str:
        """What the form carries: when it was first shown. One that was sent comes back with it."""
        given = self.said.get(STAMP, "")
        return given if _shown_at(given) else new_stamp()

    @property
    def bits(self) -> int:
        """How much work is asked for; 0 while it is calm."""
        return BITS if self.is_busy else 0

    def looks(self) -> Looks:
        """What the form that was sent looks like. Counts a use of its stamp where proof is wanted."""
        if self.said.get(TRAP):
            return Looks.MACHINE
        given = self.said.get(STAMP, "")
        shown_at = _shown_at(given)
        age = clock.now().timestamp() - shown_at if shown_at else None
        if age is not None and age < HASTE.total_seconds():
            return Looks.HASTY
        if not self.is_busy:
            return Looks.PERSON
        if age is None or not (age >= PATIENCE.total_seconds() or is_proof(given, self.said.get(PROOF, ""))):
            return Looks.UNPROVEN
        try:
            count_once("stamp", given, most=MOST_USES, within=LASTS)
        except TooMany:
            return Looks.UNPROVEN
        return Looks.PERSON


def new_stamp() -> str:
    """A signed note of this moment, like no other."""
    return Signer(salt=SALT).sign(f"{int(clock.now().timestamp())}:{new_token()[:8]}")


def is_proof(stamp: str, proof: str) -> bool:
    """Whether the SHA-256 of the stamp's signature, a colon and this number begins with as many zeros as are wanted."""
    if not (proof.isascii() and proof.isdigit() and len(proof) <= 10):
        return False
    digest = hashlib.sha256(f"{stamp.rpartition(':')[2]}:{proof}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def _shown_at(stamp: str) -> int:
    """When a form with this stamp was first shown, in seconds; 0 for no stamp of ours, or one that is too old."""
    try:
        at = int(Signer(salt=SALT).unsign(stamp).partition(":")[0])
    except BadSignature:
        return 0
    return at if 0 <= clock.now().timestamp() - at <= LASTS.total_seconds() else 0
