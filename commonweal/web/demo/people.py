"""The made-up people of the demonstration: no name belongs to anybody."""

from dataclasses import dataclass

WEEKDAYS, WEEKEND, EVERY_DAY = (0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6)
# Parts of a day, three hours each, from six in the morning on.
MORNING, AFTERNOON, EVENING, ALL_DAY = (0, 1), (2, 3), (4, 5), (0, 1, 2, 3, 4)
PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody who helps: what with (slugs of categories), when (a bit for each part of the week), how far (metres).

    ``street`` is a real one, where they live; somewhere near by if it is not said.
    """

    name: str
    languages: tuple[str, ...]
    vehicle: str
    carries: int
    radius_m: int
    per_week: int
    what: tuple[str, ...]
    slots: int
    able: tuple[str, ...] = ()
    street: str = ""

    @property
    def email(self) -> str:
        """Where nothing is ever sent."""
        return (
            "".join(char for char in self.name.lower() if char.isascii() and char.isalpha()) + "@example.org"
        )


def _helper(
    name: str,
    languages: str,
    travel: tuple[str, int, int],
    per_week: int,
    what: str,
    week: tuple[tuple[int, ...], tuple[int, ...]],
    **further: str,
) -> Helper:
    vehicle, carries, radius_m = travel
    days, parts = week
    return Helper(
        name=name, languages=tuple(languages.split()), vehicle=vehicle, carries=carries, radius_m=radius_m,
        per_week=per_week, what=tuple(what.split()),
        slots=sum(1 << (day * PARTS + part) for day in days for part in parts),
        able=tuple(further.get("able", "").split()) or (("stairs",) if carries > 1 else ()),
        street=further.get("street", ""),
    )  # fmt: skip


# The first two were chosen as dispatchers, the first is a steward too.
HELPERS: tuple[Helper, ...] = (
    _helper("Jo", "en es", ("foot", 1, 2000), 2, "papers listening", (WEEKDAYS, EVENING)),
    _helper("Sam", "en", ("bicycle", 1, 3000), 2, "errand listening", (EVERY_DAY, MORNING)),
    _helper(
        "Rosa",
        "es en",
        ("foot", 2, 3000),
        3,
        "groceries errand papers",
        (EVERY_DAY, AFTERNOON),
        street="South Conkling Street",
    ),
    _helper("Dev and Priya", "en hi", ("car", 2, 6000), 2, "groceries ride moving", ((1, 5), (3, 4))),
    _helper("Amina", "so ar en", ("bicycle", 1, 3000), 2, "errand groceries childcare", (WEEKDAYS, MORNING)),
    _helper("Lee", "en ko", ("cargo", 2, 5000), 4, "groceries meals errand", (EVERY_DAY, EVENING)),
    _helper("Marguerite", "fr ht en", ("foot", 1, 1500), 2, "papers listening company", (WEEKDAYS, MORNING)),
    _helper("Tomasz", "pl en", ("van", 3, 12000), 2, "moving repair borrow", (WEEKEND, ALL_DAY)),
    _helper("Keisha", "en", ("car", 2, 8000), 3, "ride errand", (WEEKDAYS, (0, 1, 2))),
    _helper("Old Pete", "en", ("foot", 0, 2500), 5, "listening company", (EVERY_DAY, ALL_DAY)),
    _helper("Yuki", "ja en", ("bicycle", 1, 3500), 2, "meals company", ((2, 4, 6), EVENING)),
    _helper("Ibrahim", "ar en", ("car", 2, 7000), 3, "ride groceries papers", (EVERY_DAY, EVENING)),
    _helper("Carmen", "es en", ("foot", 1, 2000), 2, "childcare meals", (WEEKDAYS, AFTERNOON)),
    _helper("Nikolai", "uk ru en", ("foot", 2, 2500), 2, "repair errand", (WEEKEND, ALL_DAY)),
    _helper("Jasmine", "en", ("foot", 1, 2500), 1, "childcare things", ((5,), ALL_DAY)),
    _helper("The Okafors", "en", ("car", 3, 6000), 2, "things meals moving", (WEEKEND, ALL_DAY)),
    _helper("Bao", "vi en", ("bicycle", 2, 4000), 3, "groceries repair errand", (WEEKDAYS, EVENING)),
    _helper("Ruth", "en", ("car", 1, 9000), 2, "ride company", ((0, 2, 4), (0, 1, 2, 3))),
    _helper("Samir", "hi ur en", ("foot", 2, 2000), 2, "papers errand", (WEEKDAYS, EVENING)),
    _helper(
        "Ana and Luz", "es pt en", ("foot", 2, 2200), 3, "meals childcare groceries", (EVERY_DAY, AFTERNOON)
    ),
    _helper("Winston", "en", ("van", 3, 15000), 1, "moving borrow things", ((5,), ALL_DAY)),
    _helper("Ms. Dorothy", "en", ("foot", 0, 2000), 4, "listening", (EVERY_DAY, (1, 2, 3, 4))),
    _helper("Fatuma", "sw en", ("bicycle", 1, 3000), 2, "errand groceries", (WEEKDAYS, MORNING)),
    _helper("Gabe", "en es", ("cargo", 3, 6000), 3, "groceries borrow moving", ((1, 3, 5), ALL_DAY)),
    _helper("Mei", "zh en", ("foot", 1, 1800), 2, "papers company", (WEEKEND, AFTERNOON)),
    _helper("Hassan", "fa ar en", ("car", 2, 7000), 2, "ride repair", ((3, 4, 5), EVENING)),
    _helper("Loretta", "en", ("car", 1, 6000), 3, "ride errand groceries", (WEEKDAYS, MORNING)),
    _helper("Joaquín", "es en", ("bicycle", 2, 4500), 3, "repair errand things", (EVERY_DAY, EVENING)),
    _helper("Thandi", "en", ("foot", 1, 2000), 3, "childcare company", (WEEKDAYS, AFTERNOON)),
    _helper("Big Mike", "en", ("van", 3, 10000), 2, "moving things", (WEEKEND, ALL_DAY)),
    _helper("Rafael", "es en", ("van", 3, 9000), 3, "moving", (EVERY_DAY, ALL_DAY)),
    _helper("Saba", "am en", ("foot", 1, 2200), 2, "meals papers", (WEEKDAYS, EVENING)),
    _helper("Eileen", "en", ("foot", 0, 1500), 3, "listening company", (WEEKDAYS, ALL_DAY)),
)

# Who came only just now, when asks were waiting at the desk already.
NEWCOMERS: tuple[Helper, ...] = (
    _helper(
        "Farah", "ar en fr", ("car", 2, 9000), 3, "things groceries ride errand other", (EVERY_DAY, ALL_DAY),
        able="wheelchair stairs",
    ),
    _helper("Desmond", "en", ("bicycle", 2, 9000), 2, "errand things other company", (EVERY_DAY, (1, 2, 3, 4, 5))),
    _helper("Pilar", "es en", ("cargo", 2, 9000), 3, "things moving repair", (EVERY_DAY, (2, 3, 4))),
)  # fmt: skip

# What was asked in the weeks before: category, for how many, words, who.
PAST: tuple[tuple[str, int, str, str], ...] = (
    ("groceries", 2, "The usual, and oranges.", "Ilse"),
    ("ride", 1, "To the eye doctor.", "Mr. Hall"),
    ("errand", 1, "A parcel at the post office.", "Otto"),
    ("meals", 4, "Anything without nuts.", "The Riveras"),
    ("company", 1, "A coffee.", "Henry"),
    ("listening", 1, "An evening call.", "A."),
    ("repair", 1, "The front door sticks.", "Gwen"),
    ("childcare", 1, "One child, two hours.", "Nadia"),
    ("papers", 1, "A form for school.", "Abdi"),
    ("groceries", 3, "Sin cerdo, por favor.", "Lucía"),
    ("moving", 1, "A mattress, one street.", "Tasha"),
    ("things", 1, "A kettle.", "D."),
)
PAST_ASKS = 66
