"""The ``commonweal`` command: Django's management commands under one name."""

import os
import sys


def main() -> None:
    """Run ``commonweal COMMAND``; the exit code is the command's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "--demo" in sys.argv[1:]:
        os.environ["COMMONWEAL_DEMO"] = "yes"
    from django.core.management import execute_from_command_line  # settings must be named first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
