"""What being asked costs: people recover from an invitation, and answer less the more of them come.

The model is that of V. Manshadi and S. Rodilitz, Online Policies for Efficient Volunteer Crowdsourcing, arXiv
2002.08474: after an invitation somebody is not to be had for a while of random length. Here the while is the rest
that the members agreed on, and then a time that has no memory, half of it over every ``recovery_hours``.
"""

import math

REST_HOURS = 20
RECOVERY_HOURS = 72
# Of those whose rest has just ended, so many are ready for the next invitation.
READY = 0.5
# What each invitation of the last seven days leaves of the chance of a yes.
LEFT_OF_IT = 0.85


def rested(
    hours: float | None, *, rest_hours: float = REST_HOURS, recovery_hours: float = RECOVERY_HOURS
) -> float:
    """The chance that somebody has recovered from their last invitation, ``hours`` ago (None: they had none).

    0 within ``rest_hours``, a half at its end, and then towards 1: of those who have not recovered half do in every
    ``recovery_hours``. Never falls with ``hours``. Raises ValueError for hours that are not a number, or where
    nobody would recover.
    """
    if hours is None:
        return 1.0
    if hours != hours or recovery_hours <= 0 or rest_hours < 0:
        raise ValueError("hours are a number, a rest is 0 or more and a recovery more than 0")
    if hours < rest_hours:
        return 0.0
    return float(1 - (1 - READY) * 0.5 ** ((hours - rest_hours) / recovery_hours))


def tiredness(pings_week: int) -> float:
    """What is left of the chance of a yes after so many invitations in the last seven days: 0.85 to their number."""
    if pings_week < 0:
        raise ValueError("invitations are 0 or more")
    return float(LEFT_OF_IT**pings_week)


def in_time(hours_left: float, *, answer_hours: float) -> float:
    """The chance that an answer comes while it is of use: ``hours_left`` are left, and answers take ``answer_hours`` in
    the mean, without memory (exponential). 0 where no time is left, never falls with it. Raises ValueError where
    answers take no time or a time is not a number.
    """
    if hours_left != hours_left or not answer_hours > 0:
        raise ValueError("answers take a time, and what is left is a number")
    return float(-math.expm1(-max(hours_left, 0.0) / answer_hours))
