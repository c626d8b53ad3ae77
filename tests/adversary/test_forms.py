"""Every field of every form, filled in wrongly: said at the field, with what was typed, and nothing changed."""

import re
from urllib.parse import urlencode

import pytest
from django import forms
from django.utils.html import escape

from tests.adversary.cast import OUR_HOST, snapshot, undone
from tests.adversary.papers import PAPERS, moments, rounds

FORM = "application/x-www-form-urlencoded"
EACH = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
FILLED_IN = [paper for paper in PAPERS if not paper.name.startswith("code, ")]


@pytest.fixture(autouse=True)
def served_as(settings):
    """The host under which browsers keep passkeys."""
    settings.COMMONWEAL_BASE_URL = f"https://{OUR_HOST}"


# What a page fills in by itself is put right, or left out, without a word to the reader.
HIDDEN = {"square"}


MANY, MOST_FIELDS = 20, 200


def send(browser, address, said):
    """A form; one of many fields as a browser sends it, since Django's own client makes it too large."""
    if len(said) > 2 * MANY:
        return browser.post(address, urlencode(said, doseq=True), content_type=FORM)
    return browser.post(address, said)


def handfuls(wrong):
    """What is wrong in a form of many fields, a part at a time: all of it at once is more than any form may weigh."""
    names = list(wrong)
    for begin in range(0, len(names), MANY):
        yield {name: wrong[name] for name in names[begin : begin + MANY]}


def difference(before, after):
    """The tables that are not as they were."""
    return {table for table, rows in after.items() if rows != before[table]}


@pytest.mark.parametrize("paper", FILLED_IN, ids=lambda paper: paper.name)
def test_filled_in_rightly_it_is_taken(ours, paper):
    """Without this the refusals below could come from something else."""
    before = snapshot()
    answer = paper.browser(ours).post(paper.address(ours), paper.good(ours))
    assert answer.status_code == 302 or answer.context[paper.answers], answer.context[paper.key].errors
    assert difference(before, snapshot())


@EACH
def test_what_is_filled_in_wrongly_is_said_there(ours, theirs, paper):
    form, browser, address = paper.empty(ours), paper.browser(ours), paper.address(ours)
    before = snapshot()
    for everything in rounds(form, theirs):
        for wrong in handfuls(everything) if len(everything) > 2 * MANY else [everything]:
            check(paper, send(browser, address, {**paper.good(ours), **wrong}), wrong)
    for name, value in moments(form, theirs):
        said = {**paper.good(ours), **paper.beside.get(name, {}), name: value}
        check(paper, send(browser, address, said), {name: value})
    assert not difference(before, snapshot())


def check(paper, answer, wrong):
    """Each wrong value is said at its field, and still there if it was typed."""
    assert answer.status_code == 422, wrong
    form, page = answer.context[paper.key], answer.content.decode()
    assert wrong.keys() <= form.errors.keys() | HIDDEN
    for name, value in wrong.items():
        if name in form.errors and not form.fields[name].widget.is_hidden:
            assert is_marked(page, form[name]), name
        if isinstance(form.fields[name].widget, forms.TextInput | forms.Textarea) and "\x00" not in value:
            assert escape(value) in page, name


def is_marked(page, field):
    """Whether the page marks this field as one to put right."""
    name = re.escape(field.html_name)
    return re.search(
        rf'name="{name}"[^>]*aria-invalid="true"|id="{field.id_for_label or field.auto_id}[^"]*error', page
    )


@EACH
def test_a_form_that_holds_nothing_changes_nothing(ours, paper):
    empty = dict.fromkeys(paper.empty(ours).fields, "")
    browser, address, before = paper.browser(ours), paper.address(ours), snapshot()
    for said in ({}, empty):
        with undone():
            answer = browser.post(address, said)
            assert answer.status_code in ((302,) if paper.may_be_empty else (200, 422)), said
            assert paper.may_be_empty or not difference(before, snapshot())


@EACH
def test_what_is_sent_twice_or_in_brackets_is_read_once(ours, paper):
    """Lists where one value is expected: the last counts, and nobody is told of a fault of ours."""
    good = paper.good(ours)
    doubled = {name: ["nonsense", value] if isinstance(value, str) else value for name, value in good.items()}
    bracketed = {f"{name}[]": value for name, value in good.items()} | {f"{name}[0][a]": "x" for name in good}
    often = 3 if len(good) < MOST_FIELDS // 3 else 2
    for said in (doubled, bracketed, {name: ["x"] * often for name in good}):
        with undone():
            answer = send(paper.browser(ours), paper.address(ours), said)
            assert answer.status_code in (200, 302, 409, 422), said


TEXTS = [
    "%00", "%01%1F%7F%C2%9F", "%ED%A0%80", "%FF%FE", "%C3%28", "%F4%90%80%80", "%E2%80%AE%E2%81%A6gnip", "%CC%81" * 9,
    "%3Cscript%3Ealert(1)%3C/script%3E", "%22%20onmouseover=x", "{{7*7}}{%25%20load%20x%20%25}",
    "%0D%0ABcc:%20x@example.org",
    "%EF%B7%BD" * 5, "\xff\xfe\x00", "%u0041", "%",
]  # fmt: skip


@EACH
def test_whatever_bytes_stand_for_words_they_are_words(ours, paper):
    """In every field that takes words: taken as what can be read of it, or refused there; never run, never a fault."""
    fields = [name for name, asked in paper.empty(ours).fields.items() if isinstance(asked, forms.CharField)]
    texts = iter(TEXTS)
    while said := [f"{name}={text}" for name, text in zip(fields, texts, strict=False)]:
        good = {name: value for name, value in paper.good(ours).items() if name not in fields}
        body = "&".join([urlencode(good, doseq=True), *said]).encode("latin-1")
        with undone():
            answer = paper.browser(ours).post(paper.address(ours), body, content_type=FORM, follow=True)
            assert answer.status_code in (200, 409, 422), said
            page = answer.content.decode()
            assert "<script>alert" not in page
            assert '" onmouseover' not in page


@EACH
def test_more_than_a_form_of_ours_can_send_is_refused_as_a_whole(ours, paper):
    browser, address, before = paper.browser(ours), paper.address(ours), snapshot()
    for said in (
        {**paper.good(ours), "more": "x" * 11_000},
        {**paper.good(ours), **{f"more{number}": "" for number in range(300)}},
    ):
        answer = browser.post(address, said)
        assert answer.status_code == 400
        assert "Nothing was changed" in answer.content.decode()
    assert not difference(before, snapshot())
