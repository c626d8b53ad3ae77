"""The forms of every page, as a browser reads them, and how they are filled in wrongly."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from benchmarks.fuzzing.words import strange

Pairs = list[tuple[str, str]]


@dataclass(slots=True)
class Form:
    """A form as it stands in a page: where it goes, and what it would send; ``choices`` are what a field offers."""

    action: str
    method: str
    fields: Pairs = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects forms with their fields, buttons included."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at, self.forms = at, list[Form]()
        self._inside: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or note a field of the open one."""
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(
                action=urljoin(self.at, about.get("action", "")), method=about.get("method", "get")
            )
            self.forms.append(self._inside)
        elif self._inside is not None:
            self._note(self._inside, tag, about)

    def handle_endtag(self, tag: str) -> None:
        """Close the form."""
        if tag == "form":
            self._inside = None

    def _note(self, form: Form, tag: str, about: dict[str, str]) -> None:
        name, value = about.get("name", ""), about.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
        elif tag in ("input", "textarea", "button") and name:
            if about.get("type") in ("radio", "checkbox", "submit") or tag == "button":
                form.choices.setdefault(name, []).append(value or "on")
            else:
                form.fields.append((name, value))


def forms_in(page: str, at: str) -> Iterator[Form]:
    """The forms of a page that was fetched from ``at``."""
    reader = _Reader(at)
    reader.feed(page)
    for form in reader.forms:
        form.fields += [(name, values[0]) for name, values in form.choices.items()]
        yield form


def filled_in(form: Form, dice: random.Random) -> bytes:
    """What is sent: mostly what the page holds, with some fields said strangely, left out, doubled or made up."""
    said: Pairs = []
    boldness = dice.choice((0.1, 0.3, 0.9))
    for name, value in form.fields:
        if name == "csrfmiddlewaretoken" or dice.random() < 0.05:
            continue
        if dice.random() < boldness:
            value = strange(dice)
        elif form.choices.get(name):
            value = dice.choice(form.choices[name])
        said.append((name, value))
        if dice.random() < 0.03:
            said.append((name, strange(dice)))
    if dice.random() < 0.05:
        said.append((strange(dice), strange(dice)))
    return urlencode(said, errors="surrogatepass").encode()[:11_000]
