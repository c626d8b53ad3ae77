"""The form that `/design/` shows: one field of each kind."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

DAYS = {
    False: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    True: ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
}
PARTS = ("6–9", "9–12", "12–15", "15–18", "18–21", "21–24")
KINDS = {
    False: ("Groceries", "A ride", "A repair", "Company", "A thing", "Something else"),
    True: ("بقالة", "مشوار", "تصليح", "صحبة", "غرض", "شيء آخر"),
}
TEXTS = {
    "words": (
        "What do you need?",
        "In your own words, in any language.",
        "ماذا تحتاج؟",
        "بكلماتك، وبأي لغة.",
    ),
    "kind": ("What is it about?", "", "عمّ يدور الأمر؟", ""),
    "people": ("For how many people?", "", "لكم شخص؟", ""),
    "area": (
        "Where, roughly?",
        "The street stays between you and who helps.",
        "أين تقريبًا؟",
        "يبقى الشارع بينك وبين من يساعد.",
    ),
    "phone": ("How do we reach you?", "A phone number.", "كيف نصل إليك؟", "رقم هاتف."),
    "free": ("When does it suit you?", "Tick all that suit.", "متى يناسبك؟", "علّم كل ما يناسب."),
    "buddy": ("I would like somebody to come along", "", "أود أن يرافقني أحد", ""),
}


class SampleForm(forms.Form):
    """An ask, more or less."""

    words = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    people = forms.IntegerField(min_value=1, max_value=500)
    area = forms.ChoiceField()
    phone = forms.CharField(max_length=32)
    free = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    buddy = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, rtl: bool = False, **kwargs: Any) -> None:
        super().__init__(
            MultiValueDict({key: _many(value) for key, value in data.items()}) if data else None, **kwargs
        )
        for name, field in self.fields.items():
            field.label, field.help_text = TEXTS[name][2:] if rtl else TEXTS[name][:2]
        kinds = [(str(number), kind) for number, kind in enumerate(KINDS[rtl])]
        slots = [
            (day, [(f"{row}-{column}", part) for column, part in enumerate(PARTS)])
            for row, day in enumerate(DAYS[rtl])
        ]
        areas = [
            ("", "–"),
            ("abell", "أبيل" if rtl else "Abell"),
            ("waverly", "ويفرلي" if rtl else "Waverly"),
        ]
        for name, choices in (("kind", kinds), ("free", slots), ("area", areas)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)  # narrows the type
            chosen.choices = choices


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


FILLED = {
    "kind": "0",
    "people": "4",
    "area": "abell",
    "phone": "410 555 0199",
    "free": ["1-3", "1-4", "3-3"],
    "buddy": "on",
}


def sample(state: str) -> SampleForm:
    """The form in one of its states, with ids of its own."""
    rtl = state == "rtl"
    words = "تسوق لأربعة، حلال" if rtl else "Shopping for four, halal. Third floor, no lift."
    data: Mapping[str, Any] | None = None
    if state in ("usual", "busy", "rtl"):
        data = {**FILLED, "words": words}
    elif state == "wrong":
        data = {"words": "", "people": "-3", "kind": "9", "area": "", "phone": "", "free": ["1-9"]}
    form = SampleForm(data, rtl=rtl, auto_id=f"{state}_%s")
    form.use_required_attribute = False
    return form


class SampleFilters(forms.Form):
    """Choices above a list."""

    area = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)

    def __init__(self, *, rtl: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        texts = (
            (("المنطقة", "كل المناطق"), ("النوع", "كل شيء"))
            if rtl
            else (("Area", "All areas"), ("Kind", "Everything"))
        )
        for (label, everything), chosen in zip(texts, self.fields.values(), strict=True):
            assert isinstance(chosen, forms.ChoiceField)  # narrows the type
            chosen.label, chosen.choices = label, [("", everything)]
