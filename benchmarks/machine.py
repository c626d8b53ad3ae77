"""On what a benchmark was run: part of everything that one prints."""

import os
import platform
from importlib.metadata import version


def machine(*libraries: str) -> dict[str, object]:
    """Cores, processor, Python, and the versions of these libraries."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }
