"""What the ground floor does in the background: it forgets what is no longer needed."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from commonweal.base import clock, limits, scrubbing
from commonweal.base.keys import reencrypting
from commonweal.base.schedule import every

KEEP_TASKS = timedelta(days=14)


@every(timedelta(hours=1), name="base.forget_tallies")
def forget_tallies() -> None:
    """Drop the counters of limits whose window has ended."""
    limits.forget_old()


@every(timedelta(days=1), name="base.forget_tasks")
def forget_tasks() -> None:
    """Drop tasks that were finished two weeks ago; what failed is on ``commonweal doctor``'s list until then."""
    DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - KEEP_TASKS).delete()


@every(timedelta(days=1), name="base.forget_sessions")
def forget_sessions() -> None:
    """Drop sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@every(timedelta(hours=6), name="base.scrub")
def scrub() -> None:
    """Take what was erased since from the disk."""
    scrubbing.scrub()


@every(timedelta(seconds=30), name="base.reencrypt", wanted=reencrypting.is_wanted)
def reencrypt() -> None:
    """Write a little more anew under the newest key."""
    reencrypting.go_on()
