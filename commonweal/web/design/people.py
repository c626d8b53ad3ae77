"""Made-up people and what they say, in two directions of reading. Sample text, so the tongues are not translated."""

from datetime import timedelta
from typing import Any

from commonweal.base import clock

Rows = list[dict[str, Any]]


def board(rtl: bool) -> Rows:
    """Four rows of a noticeboard."""
    if rtl:
        texts = [
            ("مشوار", "ذهابًا وإيابًا، مع مكان لكرسي متحرك", "أبيل", "غدًا 9:30 · نحو ساعة", False),
            ("بقالة، كل أسبوع", "التسوق لعائلة من أربعة أفراد", "تشارلز فيليدج", "أيام الثلاثاء · على مسافة قريبة", False),
            ("معروض", "قص الشعر في البيت، بالعربية والإنجليزية", "ويفرلي", "معظم الأمسيات", True),
        ]
    else:
        texts = [
            ("Ride", "There and back, room for a wheelchair", "Abell", "tomorrow 9:30 · about an hour", False),
            ("Groceries, every week", "Shopping for a family of four", "Charles Village", "Tuesdays · within walking distance", False),
            ("Work party, 5 of 8 hands", "Move a piano and a family two streets up", "Remington", "Saturday 10:00", False),
            ("On offer", "Haircuts at home, Spanish and English", "Waverly", "most evenings · three a week", True),
        ]
    names = ("kind_label", "title", "where", "when", "is_offer")
    return [{**dict(zip(names, text, strict=True)), "url": "#board"} for text in texts]


def queue(rtl: bool) -> Rows:
    """What needs a person, the latest promise first."""
    if rtl:
        texts = [
            (-12, "تسوق لأربعة، حلال", "تشارلز فيليدج · رفض اثنان · K7F-2QM", True, ""),
            (20, "مشوار إلى العيادة، كرسي متحرك", "أبيل · لا أحد قريب لديه رافعة", False, "سامي"),
        ]
    else:
        texts = [
            (-12, "Shopping for four, halal", "Charles Village · two said no · K7F-2QM", True, ""),
            (20, "Ride to the clinic, wheelchair", "Abell · nobody with a lift nearby", False, "Sam"),
            (60, "Text we could not read", "“mwen bezwen dlo pou pitit mwen” · probably water, Kreyòl", False, ""),
            (60 * 30, "Two asks look the same", "B4T-9HX and B4T-Q2C · same street, same hour", False, ""),
        ]
    now = clock.now()
    names = ("title", "detail", "is_current", "held_by")
    return [
        {**dict(zip(names, text, strict=True)), "due_at": now + timedelta(minutes=minutes, seconds=20), "url": "#queue"}
        for minutes, *text in texts
    ]


def helpers(rtl: bool) -> Rows:
    """Who could help, and why."""
    if rtl:
        texts = [
            ("روزا", ["على بعد 600 م", "تتكلم العربية", "متفرغة الثلاثاء 15–19", "ساعدت مرة هذا الأسبوع"], [], "اسألها"),
            ("ديف وبريا", ["1.1 كم", "لديهما سيارة"], ["لا يتكلمان العربية"], "اسألهما"),
        ]
    else:
        texts = [
            ("Rosa", ["600 m", "speaks Spanish", "free Tuesday 15–19", "helped once this week, says up to three", "climbs stairs"], [], "Ask"),
            ("Dev and Priya", ["1.1 km", "car", "shop there anyway on Tuesdays"], ["no Spanish"], "Ask"),
            ("Thursday pantry", ["a family box is left, halal", "a bike courier passes at 17:00"], ["two days late"], "Reserve"),
        ]
    names = ("name", "reasons", "against", "action_label")
    return [{**dict(zip(names, text, strict=True)), "url": "#who", "fields": {}} for text in texts]


def story(rtl: bool) -> Rows:
    """What happened with an ask so far."""
    if rtl:
        texts = [(190, "وصلت رسالة نصية: بقالة، أربعة أشخاص"), (189, "سُئلت أمينة؛ هي مسافرة هذا الأسبوع"), (2, "اتسع البحث إلى 3 كم")]
    else:
        texts = [
            (190, "Text received, read as groceries, 4 people"),
            (189, "Amina asked; she is away this week"),
            (122, "Lee asked; no answer in two hours"),
            (2, "Search widened to 3 km; passed to the desk"),
        ]
    now = clock.now()
    return [{"at": now - timedelta(minutes=minutes), "text": text} for minutes, text in texts]


def way(rtl: bool) -> Rows:
    """Where an ask stands."""
    if rtl:
        texts = [
            ("done", "وصلنا طلبك", "اليوم 14:02"),
            ("now", "سُئل أول جار في 14:03", "إن لم يأت جواب، يُسأل التالي في 16:30 من دون أن تفعل شيئًا."),
            ("later", "تلتقيان", "سيرى كل منكما كيف يصل إلى الآخر، لا قبل ذلك"),
        ]
    else:
        texts = [
            ("done", "We have it", "Today 14:02"),
            ("done", "Four neighbours could do it", "The nearest is 600 m away and speaks Spanish"),
            ("now", "The first was asked at 14:03", "If no answer comes, the next is asked at 16:30, without you doing anything."),
            ("later", "You meet", "You will both see how to reach one another, not before"),
        ]
    return [dict(zip(("state", "title", "detail"), text, strict=True)) for text in texts]


def figures(rtl: bool) -> list[tuple[str, str]]:
    """Three numbers with what they mean."""
    if rtl:
        return [("طلبات لُبّيت هذا الأسبوع", "46"), ("الوقت المعتاد حتى جاء أحد", "5 س 20"), ("ما زالت مفتوحة، لم يُنس منها شيء", "9")]
    return [("asks met this week", "46"), ("usual time until somebody came", "5 h 20"), ("still open, none forgotten", "9")]


def answers(rtl: bool) -> Rows:
    """What somebody said, to be looked over."""
    if rtl:
        texts = [("ماذا", "تسوق لأربعة، حلال"), ("أين", "تشارلز فيليدج"), ("متى", "الثلاثاء، بعد الرابعة")]
    else:
        texts = [("What", "Shopping for four, halal.\nThird floor, no lift."), ("Where", "Charles Village"), ("When", "Tuesday, after 4")]
    return [{"label": label, "value": value, "url": "#answers"} for label, value in texts]


def table(rtl: bool) -> dict[str, Any]:
    """A table for work."""
    if rtl:
        heads, rows = ("المنطقة", "مفتوحة", "لُبّيت"), [("أبيل", 4, 31), ("ويفرلي", 2, 18)]
        return {"caption": "الطلبات حسب المنطقة", "heads": heads, "rows": rows}
    heads, rows = ("Area", "Open", "Met"), [("Abell", 4, 31), ("Charles Village", 3, 27), ("Waverly", 2, 18)]
    return {"caption": "Asks by area", "heads": heads, "rows": rows}
