"""Work shared out among threads: compiled loops hold no lock, so that two of them run at once on two cores."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any


def in_parts(threads: int, count: int, work: Callable[[int, int], Any]) -> list[Any]:
    """Let ``work`` go over so many things in equal parts, one for each thread; return what it gives, in order."""
    edges = [count * part // threads for part in range(threads + 1)]
    return at_once(threads, [partial(work, first, last) for first, last in pairwise(edges)])


def at_once(threads: int, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let all works be done, as many at once as there are threads; return what they give, in order."""
    if threads == 1 or len(works) == 1:
        return [work() for work in works]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda work: work(), works))
