"""``commonweal network create|list``: a new network from the template, in seconds."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from babel.numbers import get_territory_currencies
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.assembly.people import member_called, read_person
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.networks.actions import AreaAbout, add_areas, areas_of_map, create_network
from commonweal.networks.models import Area, Network
from commonweal.networks.places.areas import AreaMap, load_area_map
from commonweal.networks.places.maps import area_map, map_names
from commonweal.networks.places.words import slug as slug_of
from commonweal.networks.zones import zones_of

FIRST_MANDATE = timedelta(days=365)


class Command(BaseCommand):
    """Making and listing networks."""

    help = "Make a new network from the template, or list the networks there are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        doings = parser.add_subparsers(dest="doing", required=True)
        create = doings.add_parser("create", help="make a new network")
        create.add_argument("name", help='what people call it, like "Harbor Neighbors"')
        create.add_argument("--slug", default="", help="its short name (default: made from the name)")
        create.add_argument(
            "--domain", default="", help="the host name of its site, where this machine has several"
        )
        create.add_argument(
            "--country", default="US", help="two letters, like US: how phone numbers are read (default: US)"
        )
        create.add_argument(
            "--time-zone", default="", help="like America/New_York (default: the country's, if it has one)"
        )
        create.add_argument("--currency", default="", help="like USD (default: the country's)")
        create.add_argument(
            "--language",
            action="append",
            default=[],
            help="a language spoken there, the commonest first; may be repeated",
        )
        create.add_argument("--phone", default="", help="a number people may call")
        create.add_argument(
            "--map", default="", help="a map that was built or came along: streets, postcodes, areas"
        )
        create.add_argument(
            "--areas", type=Path, help="take the areas from this file (NAME.areas.json) instead"
        )
        create.add_argument(
            "--dispatcher",
            action="append",
            default=[],
            help='who looks after the desk: a contact or "Jo <jo@example.org>"; may be repeated',
        )
        create.add_argument(
            "--steward", action="append", default=[], help="who looks after the rules, said likewise"
        )
        create.add_argument("--json", action="store_true", help="print the answer as JSON")
        listing = doings.add_parser("list", help="list the networks")
        listing.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or stop with one line that says what is wrong and an unchanged database."""
        try:
            if options["doing"] == "create":
                self._create(options)
            else:
                self._list(options)
        except ValidationError as unclear:
            raise CommandError(" ".join(unclear.messages)) from unclear
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        country = options["country"].upper()
        areas = _areas(options["map"], options["areas"])
        people = [(typed, Mandate.Role.DISPATCHER) for typed in options["dispatcher"]]
        people += [(typed, Mandate.Role.STEWARD) for typed in options["steward"]]
        for typed, _role in people:
            read_person(typed, country)
        if not options["domain"] and Network.objects.filter(domain="").exists():
            raise CommandError("There is a network without a host name already; say --domain for this one.")
        with transaction.atomic():
            network = create_network(
                slug=options["slug"] or slug_of(options["name"])[:40].strip("-"),
                name=options["name"],
                domain=options["domain"],
                country=country,
                time_zone=options["time_zone"] or _zone(country),
                currency=options["currency"] or _currency(country),
                languages=options["language"] or ["en"],
                phone=options["phone"],
                map_name=options["map"],
            )
            add_areas(network=network, areas=areas)
            for typed, role in people:
                member = member_called(network, typed)
                until = clock.now() + FIRST_MANDATE
                give_mandate(member=member, role=role, until=until, reason="Named when the network was made.")
        self._say(network, len(areas), people, as_json=options["json"])

    def _say(
        self, network: Network, areas: int, people: list[tuple[str, Mandate.Role]], *, as_json: bool
    ) -> None:
        if as_json:
            self.stdout.write(json.dumps(_plain(network, areas), ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"{network.name} ({network.slug}) is there, with {areas} areas; times are those of {network.time_zone}."
        )
        address = f"https://{network.domain}" if network.domain else settings.COMMONWEAL_BASE_URL
        steps = [f"Start the program (commonweal serve) and open {address}."]
        if people:
            steps.append(
                f"Who looks after the desk or the rules signs in at {address}/sign-in/ with the contact named here."
            )
        else:
            steps.append(
                'Name who looks after the desk: commonweal mandate give "Jo <jo@example.org>" dispatcher --reason "…".'
            )
        if not network.map_name:
            steps.append(
                "For streets and a map: commonweal map build REGION.osm.pbf, before making the network, and --map."
            )
        if not settings.EMAIL_HOST:
            steps.append(
                "For e-mail, set COMMONWEAL_SMTP_HOST; until then messages are printed where the program runs."
            )
        for number, step in enumerate(steps, 1):
            self.stdout.write(f"{number}. {step}")

    def _list(self, options: dict[str, Any]) -> None:
        networks = list(Network.objects.order_by("slug"))
        areas = {network.pk: Area.objects.filter(network=network).count() for network in networks}
        if options["json"]:
            rows = [_plain(network, areas[network.pk]) for network in networks]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for network in networks:
            self.stdout.write(
                f"{network.slug}  {network.name}  {areas[network.pk]} areas  {network.domain}".rstrip()
            )
        if not networks:
            self.stdout.write(
                'There is no network yet. Make one: commonweal network create "Harbor Neighbors".'
            )


def _areas(map_name: str, file: Path | None) -> list[AreaAbout]:
    """The areas of a file or of a map, as the network keeps them; none where neither is named."""
    drawn: AreaMap | None = None
    if map_name:
        drawn = area_map(map_name)
        if drawn is None:
            known = ", ".join(map_names()) or "none"
            raise CommandError(f"There is no map called {map_name}. There are: {known}.")
    if file is not None:
        try:
            drawn = load_area_map(file)
        except (OSError, ValueError) as trouble:
            raise CommandError(f"{file} can't be read as areas: {trouble}") from trouble
    return areas_of_map(drawn) if drawn else []


def _zone(country: str) -> str:
    zones = zones_of(country)
    if len(zones) > 1:
        raise CommandError(f"Say --time-zone; {country} has {len(zones)}: {', '.join(zones[:6])} and so on.")
    return zones[0] if zones else "UTC"


def _currency(country: str) -> str:
    return next(iter(get_territory_currencies(country)), "USD")


def _plain(network: Network, areas: int) -> dict[str, Any]:
    return {
        "slug": network.slug,
        "name": network.name,
        "domain": network.domain,
        "country": network.country,
        "time_zone": network.time_zone,
        "currency": network.currency,
        "languages": network.languages,
        "map": network.map_name,
        "areas": areas,
    }
