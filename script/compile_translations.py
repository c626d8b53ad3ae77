"""Compile every translation under the given folder and print how many there are.

`python script/compile_translations.py FOLDER`. Babel does it, so no gettext is needed on the machine.
Entries marked fuzzy are left out: an unsure sentence is worse than the English one.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_translations(folder: Path) -> int:
    """Write a .mo file beside every .po file; returns their number, ValueError where one cannot be read."""
    sources = sorted(folder.rglob("locale/*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name, domain=source.stem, abort_invalid=True)
        target = source.with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalog, use_fuzzy=False)
        fresh.rename(target)
    return len(sources)


if __name__ == "__main__":
    print(compile_translations(Path(sys.argv[1])))
