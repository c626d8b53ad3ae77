"""``commonweal mandate give|end|list``: roles from the command line, for a network's first people."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commonweal.assembly import actions, queries
from commonweal.assembly.errors import MandateTooLong
from commonweal.assembly.models import Mandate
from commonweal.assembly.people import member_called, read_person
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.members.queries import member_for_contact
from commonweal.networks.models import Network
from commonweal.networks.queries import network_called

USUAL_LENGTH = timedelta(days=365)


def day(typed: str) -> date:
    """A date as 2027-06-30."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ArgumentTypeError(f"{typed} is no date; write it like 2027-06-30") from None


class Command(BaseCommand):
    """Giving, ending and listing mandates."""

    help = "Give a member a role that ends, end one, or list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        doings = parser.add_subparsers(dest="doing", required=True)
        give = doings.add_parser("give", help="give a role until a date; somebody unknown joins")
        give.add_argument("contact", help='an e-mail address or phone number, or "Jo <jo@example.org>"')
        give.add_argument("role", choices=Mandate.Role.values)
        give.add_argument("--until", type=day, help="the last day, like 2027-06-30 (default: in a year)")
        give.add_argument("--reason", required=True, help="why, and by which decision; everybody may read it")
        end = doings.add_parser("end", help="end a role before its date")
        end.add_argument("contact", help="an e-mail address or phone number")
        end.add_argument("role", choices=Mandate.Role.values)
        end.add_argument("--reason", default="", help="why, for every member to read")
        listing = doings.add_parser("list", help="list the roles in force")
        for doing in (give, end, listing):
            doing.add_argument(
                "--network", default="", help="the short name of the network, where there are several"
            )
            doing.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or stop with one line that says what is wrong."""
        doing = {"give": self._give, "end": self._end, "list": self._list}[options["doing"]]
        try:
            network = network_called(options["network"])
            mandates = doing(network, options)
        except ValidationError as unclear:
            raise CommandError(" ".join(unclear.messages)) from unclear
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(
                json.dumps([_plain(mandate) for mandate in mandates], ensure_ascii=False, indent=2)
            )
            return
        zone = network.zone
        for mandate in mandates:
            until = mandate.last_moment.astimezone(zone)
            state = "ended" if mandate.ended_at else "until"
            self.stdout.write(
                f"{mandate.member.name}: {mandate.get_role_display()} {state} {until:%Y-%m-%d}. {mandate.reason}"
            )
        if not mandates:
            self.stdout.write("Nobody holds a mandate.")

    def _give(self, network: Network, options: dict[str, Any]) -> list[Mandate]:
        until = _end_of(options["until"], network) if options["until"] else clock.now() + USUAL_LENGTH
        with transaction.atomic():
            member = member_called(network, options["contact"])
            about = {"member": member, "until": until, "reason": options["reason"]}
            given = [actions.give_mandate(role=options["role"], **about)]
            if options["role"] == Mandate.Role.STEWARD and not queries.founders_of(network):
                # Who is the first to look after the rules begins the network.
                given.append(actions.give_mandate(role=Mandate.Role.FOUNDER, **about))
        return given

    def _end(self, network: Network, options: dict[str, Any]) -> list[Mandate]:
        _name, contact = read_person(options["contact"], network.country)
        member = member_for_contact(network, contact)
        held = [
            one
            for one in queries.mandates_in_force(network)
            if one.member == member and one.role == options["role"]
        ]
        if not held:
            raise CommandError("They don't hold this mandate.")
        return [actions.end_mandate(mandate=mandate, reason=options["reason"]) for mandate in held]

    def _list(self, network: Network, options: dict[str, Any]) -> list[Mandate]:
        return queries.mandates_in_force(network)


def _end_of(last: date, network: Network) -> datetime:
    """The end of a day in the network's zone."""
    try:
        return datetime.combine(last + timedelta(days=1), time.min, network.zone)
    except OverflowError:
        raise MandateTooLong from None


def _plain(mandate: Mandate) -> dict[str, Any]:
    return {
        "member": str(mandate.member_id),
        "name": mandate.member.name,
        "role": mandate.role,
        "ends_at": (mandate.ended_at or mandate.ends_at).isoformat(),
        "reason": mandate.reason,
    }
