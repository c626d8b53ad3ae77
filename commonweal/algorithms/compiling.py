"""Loops over millions of numbers as machine code, compiled at the first call and kept for the next run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

from commonweal.algorithms.machine_code import folder

# Set where a program that calls this keeps it elsewhere.
if not config.CACHE_DIR:  # type: ignore[attr-defined]  # numba's settings are read from the environment
    config.CACHE_DIR = str(folder(Path.home() / ".cache" / "commonweal"))  # type: ignore[attr-defined]

Loop = TypeVar("Loop", bound=Callable[..., Any])

# `nogil`: other threads go on meanwhile, and two chunks of one job run at once on two cores. What is compiled holds no
# threads of its own; whoever calls splits the work. Coverage leaves such functions out, so each has a naive twin.
compiled = njit(cache=True, nogil=True)

# The same, written out wherever it is called: a call with many arrays costs more than a short function does.
compiled_within = njit(cache=True, nogil=True, inline="always")

# The same for what makes no array and gives none back: no references to arrays are counted then. Counting them is half
# the time of a short function that is given many. Whatever these call must be of their kind.
compiled_bare: Callable[[Loop], Loop] = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
compiled_bare_within: Callable[[Loop], Loop] = njit(cache=True, nogil=True, inline="always", _nrt=False)  # type: ignore[call-overload]
