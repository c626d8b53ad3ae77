"""The look holds what it promises: contrast, weight, and nothing that the content security policy forbids."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parent.parent
ROOMS = WEB.parent
CSS = (WEB / "static/web/commonweal.css").read_text()
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")

AAA, AA, SHAPE = 7.0, 4.5, 3.0
WASHES = ("ask-wash", "offer-wash", "decision-wash", "crisis-wash")
#: Every colour of text with each ground it stands on, and the contrast it owes; body text owes the most.
PAIRS = [
    *(("ink", ground, AAA) for ground in ("paper", "sheet", *WASHES)),
    ("paper", "ink", AAA),
    *(("ink-2", ground, AA) for ground in ("paper", "sheet", *WASHES)),
    *((word, ground, AA) for word in ("ask", "offer", "decision") for ground in ("paper", "sheet")),
    ("ask", "ask-wash", AA),
    ("paper", "ask", AA),
    ("paper", "offer", AA),
    ("on-door", "door-need", AA),
    ("on-door", "door-can", AA),
]
#: What is no text but must be told apart: edges of fields and steps, the ring of focus, what is ticked.
SHAPES = [("edge", "paper"), ("edge", "sheet"), ("decision", "paper"), ("offer", "paper"), ("ask", "paper")]

#: What every page loads besides the typeface.
EVERY_PAGE = ("web/commonweal.css", "web/page.js", "web/mark.svg", "web/trusted.js")


def tokens(scheme):
    light, dark = CSS.split("prefers-color-scheme: dark", 1)
    values = dict(TOKEN.findall(light))
    return values if scheme == "light" else values | dict(TOKEN.findall(dark.split("@layer base", 1)[0]))


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "owed"), PAIRS)
def test_text_can_be_read(scheme, text, ground, owed):
    values = tokens(scheme)
    assert contrast(values[text], values[ground]) >= owed


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_told_apart(scheme, shape, ground):
    values = tokens(scheme)
    assert contrast(values[shape], values[ground]) >= SHAPE


def test_every_colour_of_text_is_among_the_pairs():
    used = set(re.findall(r"(?<![\w-])color: var\(--([\w-]+)\)", CSS.split("@layer print {", 1)[0]))
    assert used <= {text for text, _ground, _owed in PAIRS}


def test_dark_gives_every_colour_anew_but_the_doors():
    light, dark = tokens("light"), tokens("dark")
    same = {name for name, value in light.items() if dark[name] == value}
    assert same == {"crisis", "door-need", "door-can", "on-door"}


def test_no_physical_sides():
    """Left and right would stay where they are when the reading turns round."""
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
    sided = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|(?<![\w-])(?:left|right):|text-align: (?:left|right)",
        rules,
    )
    assert sided == []


def test_the_style_sheet_is_small():
    assert len(gzip.compress(CSS.encode(), 9)) < 8_000


def test_the_frame_leaves_an_asker_room_for_their_page():
    """The page of an ask weighs at most 50 kB over the wire: what comes with every page takes 43 of them."""
    static = WEB / "static"
    typeface = static / "vendor/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
    weight = typeface.stat().st_size if typeface.exists() else 33_996
    weight += sum(len(gzip.compress((static / name).read_bytes(), 9)) for name in EVERY_PAGE)
    assert weight < 43_000


def test_a_page_for_an_asker_loads_nothing_else():
    frame = (WEB / "templates/web/base.html").read_text()
    # What a phone puts on its home screen is fetched when it is put there.
    asked = set(re.findall(r"{% static '([^']+)' %}", frame)) - {"web/icon-192.png"}
    assert asked == set(EVERY_PAGE)
    column = (WEB / "templates/web/base_column.html").read_text()
    assert 'class="lean"' in column
    assert "static" not in column
    assert re.search(r"\.lean \{ --face: Atkinson, system-ui", CSS)


@pytest.mark.parametrize("script", sorted((WEB / "static/web").glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_small_and_evaluate_nothing(script):
    text = script.read_text()
    assert len(gzip.compress(text.encode(), 9)) < 2_000
    assert not re.search(r"\beval\b|new Function|innerHTML|document\.write", text)


def templates():
    return sorted(path for path in ROOMS.glob("*/templates/**/*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOMS)))
def test_templates_hold_no_style_and_no_script(path):
    """The content security policy would refuse them, and the reader would see a page without them."""
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text
