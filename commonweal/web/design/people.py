"""Made-up people and what they say, in two directions of reading. Sample text, so the tongues are not translated."""

from datetime import timedelta
from typing import Any

from commonweal.base import clock

Rows = list[dict[str, Any]]

# Each by whether the reading runs from right to left.
BOARD = {
    False: [
        ("Ride", "There and back, room for a wheelchair", "Abell", "tomorrow 9:30 · about an hour", False),
        (
            "Groceries, every week",
            "Shopping for a family of four",
            "Charles Village",
            "Tuesdays · a short walk",
            False,
        ),
        (
            "Work party, 5 of 8 hands",
            "Move a piano and a family two streets up",
            "Remington",
            "Saturday 10:00",
            False,
        ),
        (
            "On offer",
            "Haircuts at home, Spanish and English",
            "Waverly",
            "most evenings · three a week",
            True,
        ),
    ],
    True: [
        ("مشوار", "ذهابًا وإيابًا، مع مكان لكرسي متحرك", "أبيل", "غدًا 9:30 · نحو ساعة", False),
        (
            "بقالة، كل أسبوع",
            "التسوق لعائلة من أربعة أفراد",
            "تشارلز فيليدج",
            "أيام الثلاثاء · قريب سيرًا",
            False,
        ),
        ("معروض", "قص الشعر في البيت، بالعربية والإنجليزية", "ويفرلي", "معظم الأمسيات", True),
    ],
}
QUEUE = {
    False: [
        (-12, "Shopping for four, halal", "Charles Village · two said no · K7F-2QM", True, ""),
        (20, "Ride to the clinic, wheelchair", "Abell · nobody with a lift nearby", False, "Sam"),
        (
            60,
            "Text we could not read",
            "“mwen bezwen dlo pou pitit mwen” · probably water, Kreyòl",
            False,
            "",
        ),
        (1800, "Two asks look the same", "B4T-9HX and B4T-Q2C · same street, same hour", False, ""),
    ],
    True: [
        (-12, "تسوق لأربعة، حلال", "تشارلز فيليدج · رفض اثنان · K7F-2QM", True, ""),
        (20, "مشوار إلى العيادة، كرسي متحرك", "أبيل · لا أحد قريب لديه رافعة", False, "سامي"),
    ],
}
HELPERS = {
    False: [
        (
            "Rosa",
            ["600 m", "speaks Spanish", "free Tuesday 15–19", "helped once this week", "climbs stairs"],
            [],
            "Ask",
        ),
        ("Dev and Priya", ["1.1 km", "car", "shop there anyway on Tuesdays"], ["no Spanish"], "Ask"),
        (
            "Thursday pantry",
            ["a family box, halal", "a courier passes at 17:00"],
            ["two days late"],
            "Reserve",
        ),
    ],
    True: [
        ("روزا", ["على بعد 600 م", "تتكلم العربية", "متفرغة الثلاثاء 15–19"], [], "اسألها"),
        ("ديف وبريا", ["1.1 كم", "لديهما سيارة"], ["لا يتكلمان العربية"], "اسألهما"),
    ],
}
STORY = {
    False: [
        (190, "Text received, read as groceries, 4 people"),
        (189, "Amina asked; she is away this week"),
        (122, "Lee asked; no answer in two hours"),
        (2, "Search widened to 3 km; passed to the desk"),
    ],
    True: [
        (190, "وصلت رسالة نصية: بقالة، أربعة أشخاص"),
        (189, "سُئلت أمينة؛ هي مسافرة هذا الأسبوع"),
        (2, "اتسع البحث إلى 3 كم"),
    ],
}
WAY = {
    False: [
        ("done", "We have it", "Today 14:02"),
        ("done", "Four neighbours could do it", "The nearest is 600 m away and speaks Spanish"),
        ("now", "The first was asked at 14:03", "If no answer comes, the next is asked at 16:30, by itself."),
        ("later", "You meet", "You will both see how to reach one another, not before"),
    ],
    True: [
        ("done", "وصلنا طلبك", "اليوم 14:02"),
        ("now", "سُئل أول جار في 14:03", "إن لم يأت جواب، يُسأل التالي في 16:30 من دون أن تفعل شيئًا."),
        ("later", "تلتقيان", "سيرى كل منكما كيف يصل إلى الآخر، لا قبل ذلك"),
    ],
}
FIGURES = {
    False: [
        ("asks met this week", "46"),
        ("usual time until somebody came", "5 h 20"),
        ("still open, none forgotten", "9"),
    ],
    True: [
        ("طلبات لُبّيت هذا الأسبوع", "46"),
        ("الوقت المعتاد حتى جاء أحد", "5 س 20"),
        ("ما زالت مفتوحة، لم يُنس منها شيء", "9"),
    ],
}
ANSWERS = {
    False: [
        ("What", "Shopping for four, halal.\nThird floor, no lift."),
        ("Where", "Charles Village"),
        ("When", "Tuesday, after 4"),
    ],
    True: [("ماذا", "تسوق لأربعة، حلال"), ("أين", "تشارلز فيليدج"), ("متى", "الثلاثاء، بعد الرابعة")],
}
TABLE: dict[bool, dict[str, Any]] = {
    False: {
        "caption": "Asks by area",
        "heads": ("Area", "Open", "Met"),
        "rows": [("Abell", 4, 31), ("Charles Village", 3, 27), ("Waverly", 2, 18)],
    },
    True: {
        "caption": "الطلبات حسب المنطقة",
        "heads": ("المنطقة", "مفتوحة", "لُبّيت"),
        "rows": [("أبيل", 4, 31), ("ويفرلي", 2, 18)],
    },
}


def _named(names: str, texts: list[Any], **more: Any) -> Rows:
    return [{**dict(zip(names.split(), text, strict=True)), **more} for text in texts]


def board(rtl: bool) -> Rows:
    """Rows of a noticeboard."""
    return _named("kind_label title where when is_offer", BOARD[rtl], url="#board")


def queue(rtl: bool) -> Rows:
    """What needs a person, the latest promise first."""
    rows = _named("minutes title detail is_current held_by", QUEUE[rtl], url="#queue")
    now = clock.now() + timedelta(seconds=20)
    return [{**row, "due_at": now + timedelta(minutes=row["minutes"])} for row in rows]


def helpers(rtl: bool) -> Rows:
    """Who could help, and why."""
    return _named("name reasons against action_label", HELPERS[rtl], url="#who", fields={})


def story(rtl: bool) -> Rows:
    """What happened with an ask so far."""
    return [{"at": clock.now() - timedelta(minutes=minutes), "text": text} for minutes, text in STORY[rtl]]


def way(rtl: bool) -> Rows:
    """Where an ask stands."""
    return _named("state title detail", WAY[rtl])


def figures(rtl: bool) -> list[tuple[str, str]]:
    """Numbers with what they mean."""
    return FIGURES[rtl]


def answers(rtl: bool) -> Rows:
    """What somebody said, to be looked over."""
    return _named("label value", ANSWERS[rtl], url="#answers")


def table(rtl: bool) -> dict[str, Any]:
    """A table for work."""
    return TABLE[rtl]
