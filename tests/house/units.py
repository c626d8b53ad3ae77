"""`python -m tests.house.units`: let systemd judge the units of deploy/, as well as their defences."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.house.places import ROOT

UNITS = (
    "commonweal.service",
    "commonweal-worker@.service",
    "commonweal-backup.service",
    "commonweal-backup.timer",
)
# systemd's own scale: 10 is a service with no defences at all, below 2 it says "OK".
WORST_EXPOSURE = 2.0


def install(folder: Path) -> list[Path]:
    """Copies of the units that name a program which is there: ours is at its place only on a server."""
    copies = []
    for name in UNITS:
        source = (ROOT / "deploy" / name).read_text("utf-8")
        copy = folder / name.replace("@", "@1")
        copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", source, flags=re.M), "utf-8")
        copies.append(copy)
    return copies


def complaints(unit: Path) -> list[str]:
    """What systemd says against the unit, and its exposure where that is too high."""
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, check=False, text=True
    )
    # Other units of the machine are read along with ours; what is said of them is not our business.
    said = [line for line in verified.stderr.splitlines() if unit.name in line]
    if unit.suffix != ".service":
        return said
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)],
        capture_output=True,
        check=False,
        text=True,
    )
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", judged.stdout)
    if exposure is None:
        said.append(f"{unit.name}: systemd-analyze security said nothing: {judged.stderr.strip()}")
    elif float(exposure[1]) > WORST_EXPOSURE:
        said.append(f"{unit.name}: exposure {exposure[1]}, at most {WORST_EXPOSURE} is allowed")
    return said


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        said = [line for unit in install(Path(folder)) for line in complaints(unit)]
    print("\n".join(said))  # noqa: T201
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
