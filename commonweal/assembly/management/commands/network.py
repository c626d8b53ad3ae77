"""``commonweal network create|change|list|erase``: a new network from the template, in seconds; and its end."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from babel.numbers import get_territory_currencies
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commonweal.assembly.actions import erase_network, give_mandate
from commonweal.assembly.models import Mandate
from commonweal.assembly.people import member_called, read_person
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.networks.actions import (
    About,
    AreaAbout,
    NamedAbout,
    add_areas,
    areas_of_map,
    change_network,
    create_network,
    go_in_pairs,
)
from commonweal.networks.models import Area, Network
from commonweal.networks.places.areas import AreaMap, load_area_map
from commonweal.networks.places.maps import area_map, map_names
from commonweal.networks.places.words import slug as slug_of
from commonweal.networks.queries import network_called
from commonweal.networks.zones import usual_zone

FIRST_MANDATE = timedelta(days=365)
SAID = tuple(About.__annotations__.keys() - {"is_demo"})


class Command(BaseCommand):
    """Making, changing, listing and erasing networks."""

    help = "Make a new network from the template, change what is said about one, list them, or erase one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        doings = parser.add_subparsers(dest="doing", required=True)
        create = doings.add_parser("create", help="make a new network")
        create.add_argument("name", help='what people call it, like "Harbor Neighbors"')
        create.add_argument("--slug", default="", help="its short name (default: made from the name)")
        create.add_argument(
            "--areas", type=Path, help="take the areas from this file (NAME.areas.json) instead"
        )
        desk = 'who looks after the desk: a contact or "Jo <jo@example.org>"; may be repeated'
        create.add_argument("--dispatcher", action="append", default=[], help=desk)
        rules = "who looks after the rules, said likewise"
        create.add_argument("--steward", action="append", default=[], help=rules)
        begins = "who founds it, said likewise (default: its stewards)"
        create.add_argument("--founder", action="append", default=[], help=begins)
        change = doings.add_parser("change", help="change what is said about a network")
        change.add_argument("slug", help="its short name")
        change.add_argument("--name", help="what people call it")
        twos = "a category by its short name in which at least two helpers go together; may be repeated"
        change.add_argument("--pairs", action="append", default=[], metavar="CATEGORY", help=twos)
        alone = "one in which a helper may go alone again"
        change.add_argument("--alone", action="append", default=[], metavar="CATEGORY", help=alone)
        for doing in (create, change):
            _say_about(doing)
        erase = doings.add_parser("erase", help="erase a network with all its rows, for good")
        erase.add_argument("slug", help="its short name")
        deed = "the code of what two founders agreed to; not needed where there is only one founder"
        erase.add_argument("--deed", default="", metavar="CODE", help=deed)
        erase.add_argument("--yes", action="store_true", help="erase it; nothing brings it back but a backup")
        listing = doings.add_parser("list", help="list the networks")
        for doing in (create, change, listing):
            doing.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or stop with one line that says what is wrong and an unchanged database."""
        try:
            doings = {
                "create": self._create,
                "change": self._change,
                "erase": self._erase,
                "list": self._list,
            }
            doings[options["doing"]](options)
        except ValidationError as unclear:
            raise CommandError(" ".join(unclear.messages)) from unclear
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        about = _about(options)
        country = about.setdefault("country", "US")
        about.setdefault("time_zone", usual_zone(country))
        about.setdefault("currency", next(iter(get_territory_currencies(country)), "USD"))
        areas = _areas(options["map_name"] or "", options["areas"])
        people = [(typed, Mandate.Role.DISPATCHER) for typed in options["dispatcher"]]
        people += [(typed, Mandate.Role.STEWARD) for typed in options["steward"]]
        people += [(typed, Mandate.Role.FOUNDER) for typed in options["founder"] or options["steward"]]
        for typed, _role in people:
            read_person(typed, country)
        if not about.get("domain") and Network.objects.filter(domain="").exists():
            raise CommandError("There is a network without a host name already; say --domain for this one.")
        slug = options["slug"] or slug_of(options["name"])[:40].strip("-")
        with transaction.atomic():
            network = create_network(slug=slug, name=options["name"], **about)
            add_areas(network=network, areas=areas)
            for typed, role in people:
                member = member_called(network, typed)
                until = clock.now() + FIRST_MANDATE
                give_mandate(member=member, role=role, until=until, reason="Named when the network was made.")
        self._say(network, len(areas), people, as_json=options["json"])

    def _change(self, options: dict[str, Any]) -> None:
        about = cast(NamedAbout, dict(_about(options)))
        if options["name"] is not None:
            about["name"] = options["name"]
        areas = _areas(options["map_name"] or "", None)
        with transaction.atomic():
            network = change_network(network=network_called(options["slug"]), **about)
            for slug in (*options["pairs"], *options["alone"]):
                go_in_pairs(network=network, slug=slug, pairs=slug in options["pairs"])
            known = set(Area.objects.filter(network=network).values_list("slug", flat=True))
            add_areas(network=network, areas=[area for area in areas if area["slug"] not in known])
        if options["json"]:
            self.stdout.write(json.dumps(_plain(network), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{network.name} ({network.slug}) is changed.")

    def _say(
        self, network: Network, areas: int, people: list[tuple[str, Mandate.Role]], *, as_json: bool
    ) -> None:
        if as_json:
            self.stdout.write(json.dumps(_plain(network, areas), ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"{network.name} ({network.slug}) is there, with {areas} areas; times are those of {network.time_zone}."
        )
        self.stdout.write(f"If that is wrong: commonweal network change {network.slug} --time-zone …")
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
                "For streets and a map: commonweal map build REGION.osm.pbf, then"
                f" commonweal network change {network.slug} --map REGION."
            )
        if not settings.EMAIL_HOST:
            steps.append(
                "For e-mail, set COMMONWEAL_SMTP_HOST; until then messages are printed where the program runs."
            )
        for number, step in enumerate(steps, 1):
            self.stdout.write(f"{number}. {step}")

    def _erase(self, options: dict[str, Any]) -> None:
        network = network_called(options["slug"])
        if not options["yes"]:
            raise CommandError(
                f"This erases {network.name} ({network.slug}) with everything in it, for good."
                " Take its export first (commonweal export). Say --yes if you mean it."
            )
        rows = erase_network(network=network, code=options["deed"])
        self.stdout.write(f"{network.name} ({network.slug}) is erased: {rows} rows. Backups still hold it.")

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


def _say_about(parser: ArgumentParser) -> None:
    parser.add_argument("--map", dest="map_name", help="a map: its streets, postcodes and areas")
    parser.add_argument("--domain", help="the host name of its site, where this machine has several")
    parser.add_argument("--tagline", help="a few words under its name")
    parser.add_argument("--country", type=str.upper, help="like US: how phone numbers are read (default: US)")
    parser.add_argument(
        "--time-zone", help="like America/New_York (default: this machine's, or the country's first)"
    )
    parser.add_argument("--currency", type=str.upper, help="like USD (default: the country's)")
    parser.add_argument(
        "--language",
        action="append",
        dest="languages",
        help="spoken there, the commonest first; may be repeated",
    )
    parser.add_argument("--phone", help="a number people may call")
    parser.add_argument("--paper", help="where paper forms lie and are collected")
    parser.add_argument("--emergency", help="what to do when it can't wait, like: call 911")
    outside = "somebody outside the network to whom one can turn when something was not right, and how"
    parser.add_argument("--care-outside", help=outside)


def _about(options: dict[str, Any]) -> About:
    """What was said about a network, and nothing else."""
    said = {name: options[name] for name in SAID if options[name] is not None}
    return cast(About, said)


def _plain(network: Network, areas: int | None = None) -> dict[str, Any]:
    if areas is None:
        areas = Area.objects.filter(network=network).count()
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
