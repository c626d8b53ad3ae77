"""What somebody wrote in an e-mail, without markup, without what they quote, and without their signature."""

import re
from html.parser import HTMLParser

BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"}
SILENT = {"script", "style", "head", "title", "blockquote"}
# The line above a quotation, as mail programs write it in the languages of our people.
_QUOTED = re.compile(
    r"^\s*(on\b.{4,200}\bwrote|el\b.{4,200}\bescribi[óo]|le\b.{4,200}\ba [ée]crit|am\b.{4,200}\bschrieb"
    r"|em\b.{4,200}\bescreveu|في.{4,200}كتب.{0,80})\s*:?\s*$|^-{2,}\s*(original message|mensaje original)\b.*$"
    r"|^_{10,}\s*$|^(from|de|von|من): .+@.+$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s*$|^(sent from my|enviado desde mi|أرسلت من) .{1,40}$", re.IGNORECASE)


class _Text(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def plain_of_html(html: str) -> str:
    """The text of a page, one line for each block; quotations, scripts and styles are left out."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return _tidy("".join(reader.pieces))


def without_quotes(text: str) -> str:
    """What was written this time: up to the line above a quotation or a signature, without quoted lines."""
    kept = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate(lines):
        # Some programs break the line above a quotation in two.
        both = f"{line} {lines[place + 1]}" if place + 1 < len(lines) else line
        if _SIGNATURE.match(line) or _QUOTED.match(line) or (line.strip() and _QUOTED.match(both)):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return _tidy("\n".join(kept))


def _tidy(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
