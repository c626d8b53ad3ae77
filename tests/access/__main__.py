"""``python -m tests.access``: print the table as the program answers, to be read with a sceptic's eye.

Nothing is written: what comes out is compared by a person with docs/reference/access.md, cell by cell.
"""

import os
import sys

import django


def main() -> None:
    """Print a table for each room."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test.utils import setup_test_environment

    from commonweal.base import clock
    from tests.access.people import HOME, visitors
    from tests.access.table import head, row_of, written
    from tests.adversary import cast
    from tests.adversary.doors import doors

    setup_test_environment()
    settings.COMMONWEAL_BASE_URL = HOME
    settings.ALLOWED_HOSTS = [cast.OUR_HOST, cast.THEIR_HOST]
    name = connection.creation.create_test_db(verbosity=0)
    try:
        with clock.frozen(cast.MONDAY), transaction.atomic():
            ours = cast.settle("ours", cast.OURS, host=cast.OUR_HOST)
            theirs = cast.settle("theirs", cast.THEIRS, host=cast.THEIR_HOST, domain=cast.THEIR_HOST)
            people = visitors(ours, theirs)
            room = None
            for door in {door.name: door for door in doors()}.values():
                if room != (room := door.name.rpartition(":")[0]):
                    sys.stdout.write(f"\n## {room or 'web'}\n\n{head()}\n")
                try:
                    sys.stdout.write(f"{written(door, row_of(door, people, ours))}\n")
                except KeyError as unknown:
                    sys.stdout.write(f"{door.name}: tests/adversary/doors.py does not know its {unknown}\n")
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
