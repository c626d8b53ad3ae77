"""Fields: labels, help, errors, and what the reader's device may do for them."""

import re

import pytest
from django import forms
from django.template import engines

from commonweal.web import fields

DAYS = [("Monday", [("0-0", "6–9"), ("0-1", "9–12")]), ("Tuesday", [("1-0", "6–9"), ("1-1", "9–12")])]


class AskForm(forms.Form):
    words = forms.CharField(label="What do you need?", help_text="In your own words.", max_length=5)
    kind = forms.ChoiceField(choices=[("a", "Groceries"), ("b", "A ride")], widget=forms.RadioSelect)
    area = forms.ChoiceField(choices=[("", "–"), ("abell", "Abell")])
    people = forms.IntegerField(min_value=1, max_value=9)
    contact_phone = forms.CharField(required=False, label="Phone")
    email = forms.EmailField(required=False)
    street = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    day = forms.DateField(required=False)
    free = forms.MultipleChoiceField(choices=DAYS, widget=forms.CheckboxSelectMultiple, required=False)
    buddy = forms.BooleanField(label="I would like somebody to come along")
    moment = forms.SplitDateTimeField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)


GOOD = {
    "words": "Rice", "kind": "a", "area": "abell", "people": "4", "email": "", "free": ["0-1"], "buddy": "on",
    "token": "t",
}  # fmt: skip


def shown(source, **context):
    return engines["django"].from_string(source).render(context)


def shown_field(name, data=None, look=""):
    return shown("{% field form." + name + " look=look %}", form=AskForm(data), look=look)


def test_a_field_names_and_describes_its_input():
    page = shown_field("words", {})
    assert '<label for="id_words">What do you need?' in page
    described = re.search(r'aria-describedby="([^"]+)"', page)[1].split()
    assert described == ["id_words_helptext", "id_words_error"]
    for name in described:
        assert f'id="{name}"' in page
    assert 'aria-invalid="true"' in page


def test_what_may_be_left_out_says_so():
    assert "(if you like)" in shown_field("contact_phone")
    assert "(if you like)" not in shown_field("words")


def test_a_good_field_shows_no_error():
    page = shown_field("words", GOOD)
    assert "wrong" not in page
    assert "errors" not in page
    assert 'value="Rice"' in page


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("contact_phone", 'autocomplete="tel"'),
        ("email", 'inputmode="email"'),
        ("people", 'inputmode="numeric"'),
        ("street", 'autocomplete="off"'),
    ],
)
def test_the_device_helps_unless_the_form_says_otherwise(name, attribute):
    assert attribute in shown_field(name)


def test_a_select_and_a_tick_get_no_attributes_of_a_text_input():
    assert "autocomplete" not in shown_field("area")
    assert 'class="tick"' in shown_field("buddy")


@pytest.mark.parametrize("look", ["", "ticks", "chips"])
def test_choices_stand_in_a_fieldset_with_a_legend(look):
    page = shown_field("kind", GOOD, look)
    assert re.search(r"<fieldset>\s*<legend>Kind", page)
    assert page.count('type="radio"') == 2
    assert page.count("checked") == 1
    assert page.count('class="chip"') == (2 if look == "chips" else 0)


def test_the_week_is_a_table_whose_boxes_are_named_by_row_and_column():
    page = shown_field("free", GOOD, "slots")
    assert page.count('scope="row"') == 2
    assert page.count('scope="col"') == 2
    box = re.search(r'<input[^>]*value="0-1"[^>]*>', page)[0]
    assert "checked" in box
    for name in re.search(r'aria-labelledby="([^"]+)"', box)[1].split():
        assert f'id="{name}"' in page
    assert page.count("checked") == 1


def test_a_field_of_several_inputs_is_a_group():
    page = shown_field("moment")
    assert "<fieldset>" in page
    assert 'name="moment_1"' in page


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("words", "", "Please fill this in."),
        ("words", "Potatoes", "That is too long: 8 letters, and 5 fit."),
        ("kind", "", "Please choose."),
        ("kind", "z", "Please choose from the list."),
        ("area", "", "Please choose."),
        ("people", "0", "At least 1, please."),
        ("people", "10", "At most 9, please."),
        ("people", "many", "Please write a number."),
        ("email", "x", "That doesn't look like an e-mail address."),
        ("day", "2026-02-31", "That day doesn't exist. Please write it again."),
        ("free", ["9-9"], "Please choose from the list."),
    ],
)
def test_errors_are_in_our_words(name, value, words):
    assert fields.words_of(AskForm({**GOOD, name: value})[name]) == [words]


def test_a_form_keeps_words_of_its_own():
    class OwnForm(forms.Form):
        words = forms.CharField(error_messages={"required": "Say a little."})
        area = forms.CharField()

        def clean_area(self):
            raise forms.ValidationError("Two things.", code="required")

    form = OwnForm({"area": "x"})
    assert fields.words_of(form["words"]) == ["Say a little."]
    assert fields.words_of(form["area"]) == ["Two things."]


def test_the_summary_leads_to_each_field():
    page = shown("{% error_summary form %}", form=AskForm({**GOOD, "words": "", "kind": ""}))
    assert "2 things to put right" in page
    assert '<a href="#id_words">What do you need? Please fill this in.</a>' in page
    assert '<a href="#id_kind_0">Kind: Please choose.</a>' in page
    assert 'role="alert"' in page
    assert "autofocus" in page
    assert "autofocus" not in shown("{% error_summary form focus=False %}", form=AskForm({}))


def test_the_summary_of_several_forms_counts_all_and_says_what_belongs_to_no_field():
    class TwoForm(AskForm):
        def clean(self):
            raise forms.ValidationError("These two don't go together.")

    page = shown(
        "{% error_summary one two %}", one=AskForm({**GOOD, "words": ""}), two=TwoForm({**GOOD, "token": ""})
    )
    assert "3 things to put right" in page
    assert "<li>These two don&#x27;t go together.</li>" in page
    assert "<li>Token: Please fill this in.</li>" in page


def test_no_summary_where_nothing_is_wrong():
    assert shown("{% error_summary form fresh %}", form=AskForm(GOOD), fresh=AskForm()).strip() == ""


def test_any_form_prints_itself_with_our_fields():
    page = str(AskForm({}))
    assert page == shown("{% fields form %}", form=AskForm({})).strip()
    assert '<label for="id_words">' in page
    assert 'type="hidden" name="token"' in page
    assert AskForm({})["words"].as_field_group().strip() == shown_field("words", {}).strip()


def test_a_form_escapes_what_was_typed():
    assert "<script>" not in shown_field("words", {**GOOD, "words": "<script>"})
