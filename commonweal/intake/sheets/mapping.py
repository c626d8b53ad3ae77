"""Which column means what: read from a small TOML file, or guessed from the names of the columns.

The file has three tables::

    [columns]                  # field = "column", or a list of columns that are joined
    category = "What do you need?"
    words = ["Details", "Anything else?"]
    key = "Row"                # what makes a row the same row on a second run

    [categories]               # what the sheet says = the short name of one of the network's categories
    "Food shopping" = "groceries"

    [defaults]                 # fixed values for fields the sheet lacks
    nature = "gift"            # used where [read] makes new categories
    people = "1"

    [read]
    new_categories = true      # make a category for a word that none of ours fits
    day_first = false          # 03/04 is the 4th of March
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commonweal.base.errors import Refused
from commonweal.networks.models import Category

COMMON = (
    "key",
    "category",
    "words",
    "name",
    "contact",
    "email",
    "phone",
    "area",
    "place",
    "languages",
    "created",
    "quantity",
    "unit",
    "status",
)
FIELDS: dict[str, tuple[str, ...]] = {
    "asks": (*COMMON, "asker", "people", "hands", "starts", "ends", "urgency", "needs", "wish"),
    "offers": (*COMMON, "giver", "radius", "per_week", "vehicle", "able"),
}
# Words that groups write above their columns, English and Spanish; whole words of a header are compared.
GUESSES: dict[str, tuple[str, ...]] = {
    "category": (
        "category",
        "type of help",
        "what do you need",
        "what can you offer",
        "kind",
        "need",
        "ppe",
        "item",
        "type",
        "categoria",
        "tipo de ayuda",
        "que necesita",
    ),
    "words": (
        "details",
        "notes",
        "description",
        "comments",
        "anything else",
        "message",
        "detalles",
        "notas",
        "comentarios",
    ),
    "name": ("name", "first name", "full name", "nombre", "preferred name"),
    "email": ("email", "e mail", "email address", "mail", "correo", "correo electronico"),
    "phone": (
        "phone",
        "phone number",
        "mobile",
        "cell",
        "telephone",
        "telefono",
        "celular",
        "number to text",
    ),
    "contact": ("contact", "contacto", "how to reach you"),
    "area": ("neighborhood", "neighbourhood", "area", "barrio", "colonia", "district", "zone"),
    "place": (
        "address",
        "street",
        "street address",
        "location",
        "direccion",
        "zip",
        "zip code",
        "postcode",
        "postal code",
        "cross streets",
    ),
    "languages": ("language", "languages", "idioma", "idiomas", "preferred language"),
    "created": (
        "timestamp",
        "date",
        "submitted",
        "created",
        "created at",
        "fecha",
        "marca temporal",
        "date submitted",
    ),
    "quantity": ("quantity", "qty", "amount", "how many", "cantidad"),
    "unit": ("unit", "units", "unidad"),
    "status": ("status", "state", "closed", "done", "estado", "progress"),
    "people": ("household size", "people", "number of people", "how many people", "personas", "family size"),
    "hands": ("helpers", "volunteers needed", "hands"),
    "starts": ("from", "start", "needed from", "desde"),
    "ends": ("until", "by when", "needed by", "deadline", "due", "hasta", "para cuando"),
    "urgency": ("urgency", "urgent", "priority", "urgencia", "prioridad"),
    "needs": ("access needs", "accessibility"),
    "wish": ("who should come", "quien debe venir"),
    "asker": ("rec id", "recipient", "recipient id", "person id", "household id"),
    "giver": ("don id", "donor", "donor id", "volunteer id"),
    "radius": ("radius", "how far", "distance", "max distance"),
    "per_week": ("times a week", "per week", "weekly limit"),
    "vehicle": ("vehicle", "transport", "car", "vehiculo"),
    "able": ("skills", "able to", "habilidades"),
    "key": ("id", "row id", "record id", "row", "#", ""),
}


class MapUnreadable(Refused):
    """The map file says something that can't be followed; the words say what and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMap:
    """How one kind of sheet (asks or offers) is read. ``columns`` gives for a field the columns joined into it."""

    kind: str
    columns: Mapping[str, tuple[str, ...]]
    categories: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    new_categories: bool = False
    day_first: bool = False

    def value(self, name: str, cells: Mapping[str, str]) -> str:
        """What a row says for a field: its columns joined, else the default, else nothing."""
        parts = [" ".join(cells.get(column, "").split()) for column in self.columns.get(name, ())]
        return ". ".join(part for part in parts if part) or self.defaults.get(name, "")

    def as_toml(self) -> str:
        """The map as a file that can be edited and given back with ``--map``."""
        lines = ["[columns]"]
        lines += [f"{name} = {_quoted(columns)}" for name, columns in self.columns.items()]
        lines += ["", "[categories]", *(f"{_quote(a)} = {_quote(b)}" for a, b in self.categories.items())]
        lines += ["", "[defaults]", *(f"{name} = {_quote(text)}" for name, text in self.defaults.items())]
        lines += ["", "[read]", f"new_categories = {str(self.new_categories).lower()}"]
        lines += [f"day_first = {str(self.day_first).lower()}", ""]
        return "\n".join(lines)


def folded(text: str) -> str:
    """A name without case, accents and punctuation, for comparing what people write."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return (
        re.sub(r"[^\w#]+", " ", "".join(char for char in plain if not unicodedata.combining(char)))
        .replace("_", " ")
        .strip()
    )


def guess_map(kind: str, headers: Sequence[str]) -> SheetMap:
    """The likeliest map for these column names; a field without a likely column is left out."""
    columns: dict[str, tuple[str, ...]] = {}
    free = {header: folded(header) for header in headers}
    for name in FIELDS[kind]:
        best = _best_header(GUESSES[name], free)
        if best is not None:
            columns[name] = (best,)
            del free[best]
    return SheetMap(kind=kind, columns=columns, new_categories=False)


def _best_header(wanted: Sequence[str], free: Mapping[str, str]) -> str | None:
    for phrase in wanted:
        exact = [header for header, plain in free.items() if plain == phrase]
        if exact:
            return exact[0]
    for phrase in wanted:
        near = [header for header, plain in free.items() if len(phrase) > 3 and f" {phrase} " in f" {plain} "]
        if near:
            return near[0]
    return None


def read_map(kind: str, path: Path, headers: Sequence[str]) -> SheetMap:
    """The map in a TOML file, checked against the sheet; raises MapUnreadable."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MapUnreadable(f"{path.name} can't be read: {error}.") from error
    unknown = set(data) - {"columns", "categories", "defaults", "read"}
    if unknown:
        raise MapUnreadable(f"{path.name} has a table [{min(unknown)}] that means nothing here.")
    columns = _columns(kind, _table(data, "columns"), headers)
    defaults = _texts(data, "defaults")
    _known(kind, defaults, extra={"nature"})
    if defaults.get("nature", "gift") not in Category.Nature.values:
        raise MapUnreadable(f"[defaults] nature must be one of {', '.join(Category.Nature.values)}.")
    read = _table(data, "read")
    for name in ("new_categories", "day_first"):
        if not isinstance(read.get(name, False), bool):
            raise MapUnreadable(f"[read] {name} must be true or false.")
    return SheetMap(
        kind=kind,
        columns=columns,
        categories={folded(a): b for a, b in _texts(data, "categories").items()},
        defaults=defaults,
        new_categories=read.get("new_categories", False),
        day_first=read.get("day_first", False),
    )


def _columns(kind: str, table: Mapping[str, Any], headers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    _known(kind, table)
    found: dict[str, tuple[str, ...]] = {}
    for name, given in table.items():
        columns = given if isinstance(given, list) else [given]
        for column in columns:
            if column not in headers:
                raise MapUnreadable(
                    f"[columns] {name}: the sheet has no column {column!r}. It has: {', '.join(headers)}."
                )
        found[name] = tuple(columns)
    return found


def _known(kind: str, table: Mapping[str, Any], extra: frozenset[str] | set[str] = frozenset()) -> None:
    wrong = set(table) - set(FIELDS[kind]) - extra
    if wrong:
        raise MapUnreadable(f"{min(wrong)!r} is no field of {kind}. Fields: {', '.join(FIELDS[kind])}.")


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise MapUnreadable(f"[{name}] must be a table.")
    return table


def _texts(data: Mapping[str, Any], name: str) -> dict[str, str]:
    table = _table(data, name)
    for key, value in table.items():
        if not isinstance(value, str):
            raise MapUnreadable(f"[{name}] {key} must be a text in quotes.")
    return dict(table)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted(columns: Sequence[str]) -> str:
    return _quote(columns[0]) if len(columns) == 1 else f"[{', '.join(_quote(column) for column in columns)}]"
