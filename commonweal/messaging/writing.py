"""Putting a message into words: plain text, in the reader's language, from the template files."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils import translation

from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.port import Written
from commonweal.messaging.segments import plainly

FOLDER = Path(__file__).parent / "templates"
# What a template prints for a name it was not given. No keyboard makes it, so it is found for certain.
_HOLE = "\x00%s\x00"


class Incomplete(Exception):
    """A template asks for a name that the message does not carry."""


@functools.cache
def _engine() -> Engine:
    """An engine apart from the pages' one: nothing is escaped, because nothing here becomes HTML."""
    return Engine(
        dirs=[str(FOLDER)],
        autoescape=False,
        string_if_invalid=_HOLE,
        libraries={"i18n": "django.templatetags.i18n"},
        builtins=[
            "django.template.defaulttags",
            "django.template.defaultfilters",
            "django.templatetags.i18n",
        ],
    )


def write(template: str, language: str, context: Mapping[str, Any], *, network: str = "") -> Written:
    """The message in words; an unknown language falls back to the installation's own. Raises Incomplete, KeyError.

    ``network`` is its name: the subject of a short reply, which has none of its own.
    """
    spec = CATALOGUE[template]
    key = spec.key
    with translation.override(language):
        if spec.short:
            text = " ".join(_render(f"{key}.text.txt", context).split())
            return Written(subject=network, body=text + "\n", text=text)
        return Written(
            subject=" ".join(_render(f"{key}.subject.txt", context).split()),
            body=_paragraphs(_render(f"{key}.body.txt", context)),
            text=plainly(" ".join(_render(f"{key}.text.txt", context).split())),
        )


def _render(name: str, context: Mapping[str, Any]) -> str:
    text = _engine().get_template(f"messaging/{name}").render(Context(dict(context), autoescape=False))
    hole = re.search("\x00(.*?)\x00", text)
    if hole:
        raise Incomplete(f"{name} asks for {hole[1]}, which the message does not carry")
    return text


def _paragraphs(text: str) -> str:
    """Lines without blanks at their ends, never more than one empty line, and one line break at the end."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
