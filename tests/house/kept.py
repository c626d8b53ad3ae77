"""`python -m tests.house.kept`: the table of what is kept about people, as docs/reference/personal-fields.md has it."""

import os
import sys
from collections.abc import Iterator

from tests.house.places import ROOT

PAGE = ROOT / "docs/reference/personal-fields.md"
HEAD = "| what | fields | why | who may read it | until |\n|---|---|---|---|---|"


def table() -> str:
    """A line for each thing that is declared, room by room."""
    return "\n".join([HEAD, *_lines()])


def _lines() -> Iterator[str]:
    from django.utils.translation import override

    from commonweal.base.lists import in_a_row
    from commonweal.base.personal import declared
    from commonweal.networks.policy import Policy

    policy = Policy()
    with override("en"):
        for model, thing in declared():
            fields = ", ".join(f"`{name}`" for name in thing.fields)
            yield (
                f"| {thing.what} | `{model._meta.label_lower}`: {fields} | {thing.why} | "
                f"{in_a_row([str(reader.label) for reader in thing.readers])} | {thing.until(policy)} |"
            )


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    before, mark, _old = PAGE.read_text("utf-8").partition(HEAD)
    PAGE.write_text(f"{before if mark else before.rstrip() + chr(10) * 2}{table()}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
