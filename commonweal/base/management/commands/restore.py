"""``commonweal restore``: the content of a backup in place of what is here."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.base.backups import BadArchive, NoTool, NotRestored, Steps, open_archive, restore_backup
from commonweal.base.progress import Bar


class Command(BaseCommand):
    """Check an archive, then put its content in place; what was there is kept aside."""

    requires_system_checks = ()
    help = (
        "Restores a backup. The archive is checked first; nothing is changed unless it is whole and fits. What is "
        "replaced is kept in a folder before-restore-… beside the data. Stop the program first. Exit code: 0 when it "
        "was restored, 1 when it was not (and nothing was changed)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to restore."""
        parser.add_argument("file", type=Path, help="the archive that `commonweal backup` wrote")
        parser.add_argument(
            "--yes", action="store_true", help="replace a network that is here, without asking"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it."""
        path: Path = options["file"]
        steps = Steps(
            copying=Bar(self.stderr, "Keeping the old"), packing=Bar(self.stderr, "Unpacking and checking")
        )
        try:
            with open_archive(path) as archive:
                manifest = archive.manifest
                aside = restore_backup(archive, sure=options["yes"], steps=steps)
        except BadArchive as error:
            raise CommandError(f"{path} was not restored, nothing was changed. {error}") from None
        except (NotRestored, NoTool) as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        self.stdout.write(
            f"Restored: {sum(manifest.rows.values())} rows, as they were at {manifest.made_at}."
        )
        if aside:
            self.stdout.write(f"What was here before is in {aside}. Delete it once you are sure.")
