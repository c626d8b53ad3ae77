"""``commonweal plan``: work out who would best help whom in a whole network, now or once more."""

import json
import os
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan
from commonweal.matching.planning.due import due_networks
from commonweal.matching.planning.keeping import Keeper
from commonweal.matching.planning.making import make_plan, replayed
from commonweal.matching.solving.running import EngineProcess
from commonweal.networks.queries import network_called


class Command(BaseCommand):
    """Making plans, and showing that one comes out the same again."""

    help = (
        "Work out who would best help whom in a network. The worker does it by itself when something has happened; "
        "--replay works a plan out again from what was kept, and says whether it comes out the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--network", default="", help="its short name, where there are several")
        which.add_argument(
            "--due", action="store_true", help="every network that waits for a plan, as the worker does"
        )
        which.add_argument(
            "--follow",
            action="store_true",
            help="keep the plans of all networks up with what happens, as the worker does; "
            "ends when it has been quiet for two minutes",
        )
        which.add_argument(
            "--replay", metavar="ID", help="this plan and its changes once more; ends with 1 when one differs"
        )
        which.add_argument("--list", action="store_true", help="the plans that are kept")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        self.as_json = options["json"]
        try:
            if options["due"]:
                for network in due_networks(clock.now()):
                    self._say(make_plan(network=network, at=clock.now()))
            elif options["follow"]:
                parent = os.getppid()
                Keeper(EngineProcess).keep(goes_on=lambda: os.getppid() == parent)
            elif options["replay"]:
                self._replay(options["replay"])
            elif options["list"]:
                for plan in Plan.objects.select_related("network").order_by("network__slug", "-made_at"):
                    self._say(plan)
            else:
                self._say(make_plan(network=network_called(options["network"]), at=clock.now()))
        except NoEngine as trouble:
            raise CommandError("The matching engine can't run here; the log says why.") from trouble
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _replay(self, key: str) -> None:
        try:
            plan = Plan.objects.get(pk=uuid.UUID(key))
        except (ValueError, Plan.DoesNotExist):
            raise CommandError(f"There is no plan {key}; --list names those that are kept.") from None
        for number, same in enumerate(replayed(plan)):
            if not same:
                which = f"its change {number}" if number else "it"
                raise CommandError(
                    f"{plan}: {which} comes out differently. The engine is another one than it was made by."
                )
        self._say(plan, same=True, changes=number)

    def _say(self, plan: Plan, **more: Any) -> None:
        said: dict[str, Any] = {
            "plan": str(plan), "network": plan.network.slug, "made_at": f"{plan.made_at:%Y-%m-%d %H:%M} UTC",
            "policy": plan.policy_number, "seed": plan.seed, "asks": plan.wanted, "met": plan.met,
            "offers": plan.offers, "value": plan.value, "bound": plan.bound, "seconds": round(plan.seconds, 2), **more,
        }  # fmt: skip
        if self.as_json:
            self.stdout.write(json.dumps(said))
            return
        again = f", the same once more with its {more['changes']} changes" if more else ""
        self.stdout.write(
            f"{said['plan']}  {said['network']}: {plan.met} of {plan.wanted} asks met by {plan.offers} offers,"
            f" worth {plan.value} of at most {plan.bound} points, in {said['seconds']} s{again}."
        )
