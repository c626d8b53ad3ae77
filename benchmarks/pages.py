"""Pages as a browser reads them: what a form holds, and what a first visit fetches."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

CONTACT = "bench@example.org"


class _Form(HTMLParser):
    """The fields of the page's largest form with the values a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.radios: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        name, kind = given.get("name", ""), given.get("type", "text")
        if not self.forms or (tag not in {"input", "textarea", "select", "option"}):
            return
        if tag == "select":
            self._select = name
        elif tag == "option":
            if "selected" in given:
                self.forms[-1][self._select] = given.get("value", "")
        elif kind == "radio":
            self.radios.setdefault(name, []).append(given.get("value", ""))
            if "checked" in given:
                self.forms[-1][name] = given.get("value", "")
        elif kind != "checkbox" and name:
            self.forms[-1][name] = given.get("value", "")


def form_of(page: str) -> dict[str, str]:
    """The fields of a page's largest form, as a browser would send them; the first category and area are chosen."""
    parser = _Form()
    parser.feed(page)
    fields = max(parser.forms, key=len)
    fields["category"] = parser.radios["category"][0]
    areas = re.search(r'<select[^>]*name="area".*?</select>', page, re.DOTALL)
    if areas:
        values = re.findall(r'<option value="([^"]+)"', areas[0])
        fields["area"] = values[0]
    return fields


def filled(form: dict[str, str], key: str) -> dict[str, str]:
    """The form filled in as somebody would who needs groceries for three; ``key`` makes it a form of its own."""
    return {
        **form,
        "key": key,
        "people": "3",
        "words": "Bread, milk and fruit, please.",
        "contact": CONTACT,
        "called": "Sam",
    }


def fetched_by(page: str, base: str) -> set[str]:
    """The addresses of style sheets, scripts and icons that a page fetches by itself."""
    sheets = re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]*src="([^"]+)"', page)
    return {urljoin(base, address) for address in (*sheets, *scripts)}


def unpacked(body: bytes, headers: str) -> str:
    """The text of an answer."""
    return (gzip.decompress(body) if "content-encoding: gzip" in headers.lower() else body).decode()
