"""Make the program importable and its command callable in the environment that runs this file.

What an editable install would do, without a build backend and without the network: a `.pth` file that names
the project's folder, the metadata that `importlib.metadata` reads, and the command itself.
"""

import shlex
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def link_project(*, root: Path, site_packages: Path, scripts: Path, python: Path) -> None:
    """Write all three into the given folders; what an older version left there is replaced."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    name, version = project["name"], project["version"]

    (site_packages / f"{name}.pth").write_text(f"{root}\n", "utf-8")
    for old in site_packages.glob(f"{name}-*.dist-info"):
        for file in old.iterdir():
            file.unlink()
        old.rmdir()
    metadata = site_packages / f"{name}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (metadata / "INSTALLER").write_text("script/setup\n", "utf-8")

    for command, target in project["scripts"].items():
        launcher = scripts / command
        launcher.write_text(f"#!/bin/sh\n{_launch(command, target, python)}\n", "utf-8")
        launcher.chmod(0o755)


def _launch(command: str, target: str, python: Path) -> str:
    # -P: a file called config.py in the folder that somebody happens to stand in must not be taken for ours.
    module, function = target.split(":")
    code = f"import sys; from {module} import {function}; sys.argv[0] = {command!r}; sys.exit({function}())"
    return f'exec {shlex.quote(str(python))} -P -c {shlex.quote(code)} "$@"'


if __name__ == "__main__":
    link_project(
        root=ROOT,
        site_packages=Path(sysconfig.get_path("purelib")),
        scripts=Path(sysconfig.get_path("scripts")),
        python=Path(sys.executable),
    )
