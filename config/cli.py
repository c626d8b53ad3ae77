"""The ``commonweal`` command: Django's management commands under one name."""

import argparse
import os
import sys


def main() -> None:
    """Run ``commonweal COMMAND``; the exit code is the command's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "--demo" in sys.argv[1:]:
        os.environ["COMMONWEAL_DEMO"] = "yes"
    if sys.argv[1:2] == ["serve"]:
        os.environ.setdefault("COMMONWEAL_BASE_URL", address_served(sys.argv[2:]))
    from django.core.management import execute_from_command_line  # settings must be named first

    execute_from_command_line(sys.argv)


def address_served(words: list[str]) -> str:
    """Where ``commonweal serve`` with these words answers: links in messages begin so, if nothing else is set."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="8000")
    known, _ = parser.parse_known_args(words)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(known.host, known.host)  # nosec B104
    return f"http://[{host}]:{known.port}" if ":" in host else f"http://{host}:{known.port}"


if __name__ == "__main__":
    main()
