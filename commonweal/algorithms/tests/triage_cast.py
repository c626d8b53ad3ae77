"""Messages made of few words, for which it is known what they are about."""

import numpy as np

from commonweal.algorithms.triage.likeness import groups_of
from commonweal.algorithms.triage.training import Examples

WORDS = {
    "food": (["rice", "bread", "beans", "flour"], ["diri", "pen", "pwa", "farin"]),
    "water": (["water", "wells", "thirsty", "bottles"], ["dlo", "pi", "swaf", "boutey"]),
}
FILL = [
    "house",
    "street",
    "morning",
    "people",
    "city",
    "family",
    "school",
    "market",
    "river",
    "road",
    "week",
    "north",
]
OWN = ["kay", "lari", "maten", "moun", "vil", "fanmi", "lekol", "mache", "rivye", "wout", "semen", "no"]


def examples(count=240, seed=1):
    """Each message has four filling words; a third or so speak of food, a third of water; each second is translated."""
    draw = np.random.default_rng(seed)
    messages, originals, truths, direct = [], [], [], []
    for number in range(count):
        fill = draw.choice(len(FILL), 4, replace=False)
        about = draw.random(2) < 0.35
        english, own = [FILL[at] for at in fill], [OWN[at] for at in fill]
        for yes, (words, others) in zip(about, WORDS.values(), strict=True):
            if yes:
                at = int(draw.integers(4))
                english.append(words[at])
                own.append(others[at])
        messages.append(f"{' '.join(english)} {number}")
        originals.append(f"{' '.join(own)} {number}" if number % 2 else "")
        truths.append([int(about[0]), int(about[1]), 0])
        direct.append(number % 3 > 0)
    return Examples(
        labels=("food", "water", "offer"),
        names=[str(number) for number in range(count)],
        messages=messages,
        originals=originals,
        truths=np.array(truths, np.int8),
        direct=np.array(direct),
        groups=groups_of(list(zip(messages, originals, strict=True))),
    )
