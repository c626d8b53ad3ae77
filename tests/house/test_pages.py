from pathlib import Path

import pytest

from tests.house import pages
from tests.house.pages import inline_code, inline_code_in_strings, untranslated

PAGE = Path("page.html")


def test_the_project_keeps_its_pages_clean():
    assert [str(finding) for finding in pages.check()] == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<script>alert(1)</script>", "an inline script"),
        ('<script type="module">import "x"</script>', "an inline script"),
        ("<style>p {}</style>", "a style element"),
        ('<p\n  style="color: red">', "a style attribute"),
        ('<button class="a" onclick="go()">', "an event attribute"),
        ('<div hx-on::after-request="go()">', "an event attribute"),
        ('<a href="javascript:go()">', "a script address"),
        ('<div hx-vals="js:{a: 1}">', "an evaluated htmx attribute"),
    ],
)
def test_what_the_policy_blocks_is_found(source, what):
    (finding,) = inline_code(PAGE, f"<main>\n{source}")
    assert finding.message.startswith(what)
    assert finding.line == 2


@pytest.mark.parametrize(
    "source",
    [
        "<script src=\"{% static 'a.js' %}\" defer></script>",
        '<script type="application/json" id="places">{}</script>',
        '<p data-style="x" class="onward">style="this is text"</p>',
        "{# <script>a comment</script> #}",
        "<div hx-vals='{\"a\": 1}'>",
    ],
)
def test_what_the_policy_allows_is_left_alone(source):
    assert list(inline_code(PAGE, source)) == []


def test_html_in_python_is_read_too():
    (finding,) = inline_code_in_strings(Path("x.py"), "a = 1\nb = \"<b style='color: red'>\"\n")
    assert finding.line == 2


@pytest.mark.parametrize(
    "source",
    [
        "<p>Come in</p>",
        '<img alt="A map">',
        '<input placeholder="Your street" type="text">',
        "{% if a > 1 %}Several{% endif %}",
        "{% translate 'Yes' %} and no",
    ],
)
def test_untranslated_words_are_found(source):
    assert len(list(untranslated(PAGE, f"{{# about #}}\n{source}"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "<p>{% translate 'Come in' %} · 3 &nbsp; {{ name }}</p>",
        "{% blocktranslate count n=n %}One ask{% plural %}{{ n }} asks{% endblocktranslate %}",
        '<p title="{{ title }}" data-a="b > c">{# said aside #}</p>',
        "{% comment %}why{% endcomment %}<code>K7F</code>",
        '<img alt="">',
        '<body class="{% block page_class %}page wide{% endblock %}">',
        '<p class="{% if a %}b{% endif %}">{{ c|default:"d" }}</p>',
    ],
)
def test_translated_words_are_left_alone(source):
    assert list(untranslated(PAGE, source)) == []
