"""``python -m commonweal.matching.solving``: reads requests from its input, one after the other, and answers each."""

import os
import resource
import sys
import threading
import time

MOST_MEMORY = 6 * 2**30
NICE = 10


def end_with_the_parent() -> None:
    """Stop when the process that waits for the answer is gone: nobody would read it."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> int:
    """Work with bounded memory and behind everybody else; exit code 1 where a request makes no sense."""
    _most, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    os.nice(NICE)
    threading.Thread(target=end_with_the_parent, daemon=True).start()
    # Not before the limit: these load the engine.
    from commonweal.matching.solving.framing import framed, next_frame
    from commonweal.matching.solving.work import Engine

    engine = Engine()
    try:
        while (request := next_frame(sys.stdin.buffer)) is not None:
            sys.stdout.buffer.write(framed(engine.answer(request)))
            sys.stdout.buffer.flush()
    except (ValueError, KeyError, OSError, EOFError, MemoryError) as fault:
        sys.stderr.write(f"{type(fault).__name__}: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
