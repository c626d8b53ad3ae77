"""``commonweal backup``: everything in one file, while the program serves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.base.backups import BadArchive, Manifest, NoTool, Steps, make_backup
from commonweal.base.progress import Bar

KEEP_KEYS = (
    "The keys are not in it, so that a lost backup gives nobody's name or place away. Keep them ({place}) apart from "
    "it, on paper or on another machine: without them nobody can read what people told."
)
HAS_KEYS = "The keys are in it. Whoever has this file can read everything: keep it like the keys themselves."


class Command(BaseCommand):
    """Make one archive of the database and the maps. It is consistent, and nobody has to stop for it."""

    requires_system_checks = ()
    help = (
        "Writes one archive of the database and the maps, while the program serves. Exit code: 0 when the archive is "
        "whole and on the disk, 1 otherwise (then there is no file)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        parser.add_argument("file", type=Path, help="the archive to write, such as commonweal-monday.tar.gz")
        parser.add_argument(
            "--with-keys", action="store_true", help="put the keys in too; then guard the file"
        )
        parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")
        parser.add_argument("--json", action="store_true", help="print what is in it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        target: Path = options["file"].absolute()
        if target.exists() and not options["overwrite"]:
            raise CommandError(f"{target} is there already. Choose another name, or say --overwrite.")
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}.")
        steps = Steps(copying=Bar(self.stderr, "Copying"), packing=Bar(self.stderr, "Packing"))
        try:
            manifest = make_backup(target, with_keys=options["with_keys"], steps=steps)
        except (BadArchive, NoTool, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        self._tell(target, manifest, as_json=options["json"])

    def _tell(self, target: Path, manifest: Manifest, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(manifest.to_json().decode())
            return
        rows = sum(manifest.rows.values())
        size = target.stat().st_size
        self.stdout.write(f"{target}: {rows} rows and {len(manifest.files)} files, {size / 1e6:.1f} MB.")
        self.stdout.write(HAS_KEYS if manifest.with_keys else KEEP_KEYS.format(place=_keys_place()))


def _keys_place() -> str:
    path = Path(settings.COMMONWEAL_DATA) / "keys"
    return str(path) if path.exists() else "COMMONWEAL_KEYS"
