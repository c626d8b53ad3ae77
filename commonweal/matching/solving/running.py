"""Starting the engine's process and waiting for what it says."""

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from commonweal.algorithms import machine_code
from commonweal.base.supervisor import own_environment
from commonweal.matching.errors import NoEngine

logger = logging.getLogger(__name__)

# The first run after an installation compiles the engine, which takes a minute or two; later ones take seconds.
LONGEST = 300.0
# One thread each for the libraries of linear algebra: the engine splits its own work.
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
TAIL = 300


def command() -> list[str]:
    """How the engine's process is started: by the same Python."""
    return [sys.executable, "-m", "commonweal.matching.solving"]


def run(request: bytes, *, seconds: float = LONGEST) -> bytes:
    """What the engine answers to a request (`messages.packed`). Raises NoEngine where it can't, or takes too long."""
    try:
        kept = machine_code.folder(Path(settings.COMMONWEAL_DATA) / "engine")
        environment = {**own_environment(), **QUIET, "NUMBA_CACHE_DIR": str(kept)}
        done = subprocess.run(  # nosec B603
            command(), input=request, capture_output=True, env=environment, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        logger.warning("the matching engine took longer than %.0f s", seconds)
        raise NoEngine from None
    except OSError as fault:
        logger.warning("the matching engine could not be started (%s)", type(fault).__name__)
        raise NoEngine from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-TAIL:]
        logger.warning("the matching engine ended with code %s: %s", done.returncode, said)
        raise NoEngine
    return done.stdout
