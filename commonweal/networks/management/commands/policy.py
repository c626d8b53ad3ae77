"""``commonweal policy``: every setting of the policy, as the page of the documentation."""

from typing import Any

from django.core.management.base import BaseCommand

from commonweal.networks.reference import policy_page


class Command(BaseCommand):
    """Writing down what may be decided."""

    help = "Print every setting of the policy with its default and limits, as docs/reference/policy.md."
    # It touches no row and no page.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the page."""
        self.stdout.write(policy_page(), ending="")
