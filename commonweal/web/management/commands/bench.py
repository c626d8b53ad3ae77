"""``commonweal bench NAME``: measure the program, where its source lies beside it."""

import importlib.util
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """The same door as ``script/bench``."""

    help = (
        "Measure the program. What follows the name belongs to the benchmark: commonweal bench web -- --help"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The benchmark's name, and what it takes."""
        parser.add_argument("name", help="web, for example")
        parser.add_argument("rest", nargs="*", help="what the benchmark takes, after --")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; the exit code is the benchmark's own."""
        module = f"benchmarks.{options['name']}"
        if not options["name"].isidentifier() or not _is_there(module):
            raise CommandError(
                "There is no such benchmark here. They come with the source: script/bench lists them."
            )
        command = [sys.executable, "-m", module, *options["rest"]]
        sys.exit(subprocess.run(command, cwd=settings.ROOT, check=False).returncode)


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
