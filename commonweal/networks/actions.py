"""Making a network, giving it areas and categories, and changing its policy."""

import re
import uuid
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict, Unpack, cast

from babel import Locale
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonweal.algorithms.places import cell_of
from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.networks.errors import (
    AreaTaken,
    NoSuchSetting,
    NothingChanged,
    NotUnderstood,
    PolicyChangedMeanwhile,
    SlugTaken,
    Unexplained,
)
from commonweal.networks.events import NetworkCreated, PolicyChanged, VouchesWanted
from commonweal.networks.languages import CHOICES
from commonweal.networks.memory import forget
from commonweal.networks.models import Area, Category, Network, PolicyVersion
from commonweal.networks.places.areas import AreaMap
from commonweal.networks.policy import is_valid
from commonweal.networks.starting import CATEGORIES

LONGEST_REASON = 300
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+\Z|localhost\Z")


class About(TypedDict, total=False):
    """What may be said about a new network besides its names; unsaid, the model's defaults hold."""

    domain: str
    tagline: str
    time_zone: str
    country: str
    languages: list[str]
    currency: str
    phone: str
    paper: str
    emergency: str
    care_outside: str
    map_name: str
    is_demo: bool


class NamedAbout(About, total=False):
    """What may be said anew about a network."""

    name: str


class AreaAbout(TypedDict, total=False):
    """An area: slug and name, the coarse cell of its middle and, where known, an outline of [lat, lon] rings."""

    slug: str
    name: str
    cell_y: int
    cell_x: int
    outline: list[list[list[float]]]


def create_network(
    *, slug: str, name: str, categories: Sequence[Mapping[str, Any]] = CATEGORIES, **about: Unpack[About]
) -> Network:
    """A new network with the starting categories and the default policy.

    Raises NotUnderstood for a name that is empty, a slug, host, time zone, country or language that there is not, or a
    text that is too long, and SlugTaken.
    """
    _check(slug, name, about)
    about["domain"] = about.get("domain", "").lower()
    about.setdefault("languages", ["en"])
    try:
        with transaction.atomic():
            network = Network.objects.create(slug=slug, name=name, **about)
            Category.objects.bulk_create(
                Category(network=network, position=position, **category)
                for position, category in enumerate(categories)
            )
            start = PolicyVersion.objects.create(
                network=network, number=0, reason="The defaults, at the start."
            )
            eventlog.record(start, "network_created", by=By.PROGRAM)
            bus.publish(NetworkCreated(network=network.pk))
    except IntegrityError:
        raise SlugTaken from None
    return network


def change_network(*, network: Network, **about: Unpack[NamedAbout]) -> Network:
    """Change what is said about a network. Raises NotUnderstood as ``create_network`` does, and SlugTaken."""
    try:
        with transaction.atomic():
            locked = Network.objects.select_for_update().get(pk=network.pk)
            if "domain" in about:
                about["domain"] = about["domain"].lower()
            for name, value in about.items():
                setattr(locked, name, value)
            said = {name: getattr(locked, name) for name in About.__annotations__}
            _check(locked.slug, locked.name, cast(About, said))
            locked.save(update_fields=sorted(about))
            last = PolicyVersion.objects.filter(network=locked).latest("number")
            eventlog.record(last, "network_changed", by=By.PROGRAM, said=sorted(about))
    except IntegrityError:
        raise SlugTaken from None
    return locked


def add_category(*, network: Network, slug: str, names: Mapping[str, str], nature: str) -> Category:
    """One more category, after the others; a slug that is there already gives that category."""
    with transaction.atomic():
        forget(network.pk)
        here = Category.objects.filter(network=network)
        found, is_new = Category.objects.get_or_create(
            network=network,
            slug=slug,
            defaults={"names": dict(names), "nature": nature, "position": here.count()},
        )
        if is_new:
            eventlog.record(found, "category_added", by=By.PROGRAM)
    return found


def go_in_pairs(*, network: Network, slug: str, pairs: bool) -> Category:
    """Say whether helpers of a category go at least in twos, from its next ask on. Raises NotUnderstood."""
    with transaction.atomic():
        forget(network.pk)
        category = Category.objects.select_for_update().filter(network=network, slug=slug).first()
        if category is None:
            raise NotUnderstood(_("There is no category %(slug)s.") % {"slug": slug})
        if category.pairs != pairs:
            category.pairs = pairs
            category.save(update_fields=["pairs"])
            eventlog.record(category, "pairs_changed", by=By.PROGRAM, pairs=pairs)
    return category


def want_vouched(*, network: Network, levels: Mapping[str, int], by: uuid.UUID | None) -> int:
    """Say how well a helper has to be vouched for, by the short names of categories; returns how many changed.

    ``by`` is the steward, or None for whoever runs the program. It holds for every yes from now on, also to what was
    asked before. Raises NotUnderstood for a category that isn't there, and for a level that is none.
    """
    changed = 0
    with transaction.atomic():
        forget(network.pk)
        here = {row.slug: row for row in Category.objects.select_for_update().filter(network=network)}
        for slug, level in levels.items():
            if slug not in here or level not in Category.Vouched.values:
                raise NotUnderstood(_("There is no category %(slug)s.") % {"slug": slug})
            category = here[slug]
            if category.vouched != level:
                category.vouched = level
                category.save(update_fields=["vouched"])
                said_by = By.STEWARD if by else By.PROGRAM
                eventlog.record(category, "vouched_changed", by=said_by, actor=by, level=level)
                bus.publish(VouchesWanted(network=network.pk, category=category.pk))
                changed += 1
    return changed


def areas_of_map(drawn: AreaMap) -> list[AreaAbout]:
    """The areas of a map in the form in which a network keeps them."""
    return [
        {
            "slug": area.slug,
            "name": area.name,
            "cell_y": cell_of(area.lat, area.lon)[0],
            "cell_x": cell_of(area.lat, area.lon)[1],
            "outline": [[[lat, lon] for lon, lat in ring] for ring in area.shape],
        }
        for area in drawn.areas
    ]


def add_areas(*, network: Network, areas: Sequence[AreaAbout]) -> list[Area]:
    """Give the network its areas; raises AreaTaken when it has one of their slugs."""
    try:
        with transaction.atomic():
            forget(network.pk)
            return Area.objects.bulk_create(Area(network=network, **area) for area in areas)
    except IntegrityError:
        raise AreaTaken from None


def change_policy(
    *,
    network: Network,
    changes: Mapping[str, Any],
    reason: str,
    by: uuid.UUID | None = None,
    decision: uuid.UUID | None = None,
    number: int | None = None,
) -> PolicyVersion:
    """Put changed settings in force, with the reason; ``network`` is brought up to date.

    ``number`` is of the version that whoever changes it has seen. Raises NoSuchSetting for an unknown name or a value
    out of its limits, Unexplained for a reason that is empty or too long, PolicyChangedMeanwhile, and NothingChanged.
    """
    _check_change(changes, reason)
    with transaction.atomic():
        locked = Network.objects.select_for_update().get(pk=network.pk)
        if number is not None and number != locked.policy_number:
            raise PolicyChangedMeanwhile
        in_force = locked.policy
        changed = sorted(name for name, value in changes.items() if getattr(in_force, name) != value)
        if not changed:
            raise NothingChanged
        locked.policy_number += 1
        locked.policy_values = {**locked.policy_values, **{name: changes[name] for name in changed}}
        locked.save(update_fields=["policy_number", "policy_values"])
        version = PolicyVersion.objects.create(
            network=locked,
            number=locked.policy_number,
            values=locked.policy_values,
            reason=reason.strip(),
            made_by=by,
            decision=decision,
            at=clock.now(),
        )
        eventlog.record(
            version, "policy_changed", by=By.STEWARD if by else By.PROGRAM, actor=by, settings=changed
        )
        bus.publish(PolicyChanged(network=locked.pk, number=version.number))
    network.policy_number, network.policy_values = locked.policy_number, locked.policy_values
    return version


def _check_change(changes: Mapping[str, Any], reason: str) -> None:
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Unexplained
    if not all(is_valid(name, value) for name, value in changes.items()):
        raise NoSuchSetting


def _check(slug: str, name: str, about: About) -> None:
    for complaint in _complaints(slug, name, about):
        raise NotUnderstood(complaint)


def _complaints(slug: str, name: str, about: About) -> Iterator[str]:
    """What can't be said about a network, in words."""
    domain, zone = about.get("domain", "").lower(), about.get("time_zone", "UTC")
    country, languages = about.get("country", "US"), about.get("languages", [])
    if not name.strip():
        yield _("A network has a name.")
    if not SLUG.match(slug):
        yield _("A short name has small letters, digits and hyphens: %(slug)s.") % {"slug": slug}
    if domain and not HOST.match(domain):
        yield _("This is no host name: %(domain)s.") % {"domain": domain}
    if zone not in zoneinfo.available_timezones():
        yield _("There is no time zone %(zone)s.") % {"zone": zone}
    if not _is_country(country):
        yield _("There is no country %(country)s; write two capital letters, like US.") % {"country": country}
    for code in languages:
        if code not in CHOICES:
            yield _("There is no language %(code)s; write codes like en, es, ar.") % {"code": code}
    for field, text in {**about, "slug": slug, "name": name}.items():
        most = getattr(Network._meta.get_field(field), "max_length", None)
        if isinstance(text, str) and most and len(text) > most:
            yield _("This is too long, %(most)s letters are allowed: %(text)s…") % {
                "most": most,
                "text": text[:20],
            }


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code.isupper() and code in Locale("en").territories
