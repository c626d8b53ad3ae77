"""A task that hangs the first time it is done: a worker is killed over it."""

import os
import time
from pathlib import Path

from django_tasks import task


@task()
def hang_at_first(path: str) -> None:
    """Note who does it; hang unless somebody did before."""
    diary = Path(path)
    is_first = not diary.exists()
    with diary.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if is_first:
        time.sleep(600)
