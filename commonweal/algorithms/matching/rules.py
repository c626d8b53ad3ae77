"""How much each thing counts when many asks are matched at once. The numbers are the members' own to change."""

from dataclasses import dataclass, fields

MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRules:
    """Points for a pair of an ask and a helper; what `Rules` has too means the same and has the same default.

    The weight of a pair is the sum of its terms, and at least 1: whoever can help is better than nobody, whatever
    the numbers. With all of them nought every pair weighs 1, so that as many as possible are served.

    ===================  ============================================================================================
    ``served``           that an ask is met at all
    ``urgent``           for each level of urgency, 0–2
    ``waiting``          for each day it has waited, up to ``waiting_most_d`` days
    ``ahead``            for each step that an ask goes ahead of others because it came back
    ``per_100_m``        taken off for each 100 m, rounded to the nearest
    ``unknown_m``        no points: the metres that an unknown place counts as
    ``language``         for a language in common
    ``interpreter``      taken off where somebody has to interpret
    ``interpreters``     no points: whether an interpreter will do where it is about talking
    ``tired``            taken off just after being asked; wears off evenly over ``rested_after_h`` hours
    ``rest_hours``       no points: within it nobody is asked a second time but by who prefers them
    ``week``             taken off for a week that is given away, by its share
    ``preferred``        for the helper who came the last times
    ``known``            for a known face where it repeats or is about talking
    ``new_tie``          else for two who have not met
    ``comfort``          for heavy things: once for carrying more than must be, once for wheels
    ===================  ============================================================================================

    Raises ValueError for a number that is negative or above a million, or for no time to rest in.
    """

    served: int = 1000
    urgent: int = 100
    waiting: int = 10
    waiting_most_d: int = 60
    ahead: int = 50
    per_100_m: int = 4
    unknown_m: int = 3000
    language: int = 60
    interpreter: int = 150
    interpreters: bool = False
    tired: int = 120
    rested_after_h: int = 336
    rest_hours: int = 20
    week: int = 160
    preferred: int = 10_000
    known: int = 40
    new_tie: int = 20
    comfort: int = 30

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if not 0 <= value <= MOST_POINTS or value != int(value):
                raise ValueError(f"{entry.name} is a whole number from 0 to {MOST_POINTS}: {value}")
        if self.rested_after_h < 1:
            raise ValueError("rested_after_h is 1 or more")
