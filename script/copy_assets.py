"""Copy what package.json names under "copy" from an installed node_modules into a folder of static files.

Called by script/assets: `python script/copy_assets.py package.json NODE_MODULES TARGET`. The target is
replaced as a whole, so a file that is no longer named does not linger. Source map references are cut off:
the maps are not copied, and hashed static file names would follow them into nothing.
"""

import json
import re
import shutil
import sys
from pathlib import Path

SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=[^\r\n]*\s*\Z")
TEXT = {".css", ".js", ".mjs"}


def copy_assets(manifest: Path, modules: Path, target: Path) -> int:
    """Copy the named files and return how many; KeyError or FileNotFoundError where the manifest is wrong."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    count = 0
    for package, wish in json.loads(manifest.read_text("utf-8"))["copy"].items():
        folder = fresh / wish["to"]
        folder.mkdir(parents=True)
        if licence := wish.get("licence"):  # for a package that forgot to bring its own
            shutil.copyfile(manifest.parent / licence, folder / "LICENSE")
        names = [*wish["files"], *(f"icons/{icon}.svg" for icon in wish.get("icons", []))]
        for name in names:
            source = modules / package / name
            content = source.read_bytes()
            if source.suffix in TEXT:
                content = SOURCE_MAP.sub(b"", content) + b"\n"
            (folder / source.name).write_bytes(content)
        count += len(names)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return count


if __name__ == "__main__":
    package_json, node_modules, static = map(Path, sys.argv[1:4])
    print(copy_assets(package_json, node_modules, static))
