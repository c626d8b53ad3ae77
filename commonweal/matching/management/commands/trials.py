"""``commonweal trials``: play last month again for every change of the rules that somebody wants to try."""

from typing import Any

from django.core.management.base import BaseCommand

from commonweal.matching.policy.actions import work_out_waiting


class Command(BaseCommand):
    """Playing the past under other rules, beside the worker."""

    help = (
        "Play last month again under every change of the rules that waits to be tried, and end. The worker does it by "
        "itself as soon as somebody tries one; what a process left lying that was killed is taken up again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        played = work_out_waiting()
        self.stdout.write(f"{played} played.")
