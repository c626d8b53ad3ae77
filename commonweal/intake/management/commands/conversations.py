"""``commonweal conversations``: print the table that conversations follow into its page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.intake.conversations.drawing import page_with_table


class Command(BaseCommand):
    """Writes the table and the keywords into a page, between its two marks."""

    help = (
        "Print the table of conversations into docs/explanation/conversations.md, from the table in the code."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the page is, and whether only to compare."""
        parser.add_argument("page", nargs="?", default="docs/explanation/conversations.md", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the page is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the page anew; exit code 1 where it can't be, or is out of date."""
        path: Path = options["page"]
        try:
            page = path.read_text("utf-8")
            made = page_with_table(page)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        if options["check"]:
            if made != page:
                raise CommandError(f"{path} is out of date: run `commonweal conversations`.")
            return
        path.write_text(made, "utf-8")
        self.stdout.write(f"{path} is printed.")
