"""``commonweal lifecycle``: draw the life of an ask from the table that the program follows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.exchange.drawing import page_with_drawing


class Command(BaseCommand):
    """Writes the drawing and the table into a page, between its two marks."""

    help = "Draw the life of an ask into docs/explanation/life-of-an-ask.md, from the table in the code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the page is, and whether only to compare."""
        parser.add_argument("page", nargs="?", default="docs/explanation/life-of-an-ask.md", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the page is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the page anew; exit code 1 where it can't be, or is out of date."""
        path: Path = options["page"]
        try:
            page = path.read_text("utf-8")
            made = page_with_drawing(page)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        if options["check"]:
            if made != page:
                raise CommandError(f"{path} is out of date: run `commonweal lifecycle`.")
            return
        path.write_text(made, "utf-8")
        self.stdout.write(f"{path} is drawn.")
