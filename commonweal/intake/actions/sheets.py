"""Taking in a sheet: every row is taken, merged or refused, and said so."""

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.db import transaction

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.exchange.actions import SheetAsk, publish_offer, take_in_asks
from commonweal.exchange.actions.sheets import SHEET
from commonweal.exchange.models import Ask, Offer
from commonweal.intake.sheets.drafts import Known, ReadOffer, key_of, member_id, read_ask, read_offer
from commonweal.intake.sheets.mapping import SheetMap, folded
from commonweal.intake.sheets.reading import Row, Sheet
from commonweal.intake.sheets.report import Line, Outcome, Report
from commonweal.intake.sheets.values import CellUnreadable
from commonweal.members.actions import join
from commonweal.members.models import Member
from commonweal.members.queries import member_for_contact
from commonweal.networks.actions import add_category
from commonweal.networks.models import Area, Category, Network

AT_ONCE = 500
Progress = Callable[[int], None]


class _Undo(Exception):
    """Ends a dry run's transaction without a trace."""


def take_sheet(
    *, network: Network, sheet: Sheet, sheet_map: SheetMap, dry_run: bool, progress: Progress
) -> Report:
    """Take in every row of a sheet of asks or offers; a second run takes nothing twice.

    Rows go in by batches of one transaction each, so that a run that is cut off can simply be run again. A dry run
    does everything and undoes it. No message goes out: people whose row is read here asked for nothing today.
    """
    report = Report()
    seen: set[str] = set()
    try:
        with transaction.atomic() if dry_run else _no_transaction():
            known = _known(network)
            if sheet_map.new_categories:
                known = _with_new_categories(known, sheet, sheet_map, report)
            for batch in _batches(sheet.rows()):
                _take_batch(batch, known, sheet_map, report, seen)
                progress(report.rows)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return report


class _no_transaction:  # noqa: N801 - stands where transaction.atomic() stands
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _known(network: Network) -> Known:
    categories: dict[str, Category] = {}
    for category in Category.objects.filter(network=network):
        for name in (category.slug, *category.names.values()):
            categories.setdefault(folded(name), category)
    areas = {folded(area.name): area for area in Area.objects.filter(network=network).defer("outline")}
    return Known(network=network, categories=categories, areas=areas, now=clock.now())


def _with_new_categories(known: Known, sheet: Sheet, sheet_map: SheetMap, report: Report) -> Known:
    """Make a category for every word of the sheet that none of ours fits."""
    categories = dict(known.categories)
    nature = sheet_map.defaults.get("nature", Category.Nature.GIFT)
    for row in sheet.rows():
        text = sheet_map.value("category", row.cells)
        word = folded(text)
        if not word or word in categories or word in sheet_map.categories or row.problem:
            continue
        if folded(_spoken(text)) in categories:
            categories[word] = categories[folded(_spoken(text))]
            continue
        category = add_category(
            network=known.network, slug=_slug(text), names={"en": _spoken(text)}, nature=nature
        )
        categories[word] = categories[folded(category.slug)] = category
        report.new_categories.append(category.slug)
    return replace(known, categories=categories)


def _spoken(text: str) -> str:
    """``faceShields`` as people write it: ``Face shields``."""
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in " ".join(text.split()))
    return spaced.strip()[:60].capitalize()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _spoken(text)).encode("ascii", "ignore").decode()
    return (
        "-".join("".join(char if char.isalnum() else " " for char in plain.lower()).split())[:40]
        or "other-kind"
    )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, AT_ONCE)):
        yield batch


def _take_batch(rows: list[Row], known: Known, sheet_map: SheetMap, report: Report, seen: set[str]) -> None:
    """Read some rows, and put up what can be read; what is refused or here already is said so."""
    fresh: list[tuple[Row, str]] = []
    here = _here(known.network, sheet_map, [key_of(sheet_map, row) for row in rows])
    for row in rows:
        key = key_of(sheet_map, row)
        if key in seen or key in here:
            where = "stands higher up in the sheet" if key in seen else "is here already"
            report.add(
                Line(line=row.line, outcome=Outcome.MERGED, field="key", reason=f"the same row {where}")
            )
            continue
        seen.add(key)
        fresh.append((row, key))
    taken = _take_asks if sheet_map.kind == "asks" else _take_offers
    with transaction.atomic():
        for line in taken(fresh, known, sheet_map, report):
            report.add(line)


def _here(network: Network, sheet_map: SheetMap, keys: list[str]) -> set[str]:
    """The keys of rows that an earlier run took in."""
    rows = (
        Ask.objects.filter(network=network)
        if sheet_map.kind == "asks"
        else Offer.objects.filter(network=network)
    )
    return set(rows.filter(source=SHEET, source_key__in=keys).values_list("source_key", flat=True))


def _take_asks(
    rows: list[tuple[Row, str]], known: Known, sheet_map: SheetMap, report: Report
) -> Iterator[Line]:
    asks = []
    for row, key in rows:
        try:
            read = read_ask(sheet_map, row, known)
        except CellUnreadable as problem:
            yield _refused(row, problem)
            continue
        report.late += read.late
        asks.append(SheetAsk(draft=read.draft, created_at=read.created_at, source_key=key))
        yield _taken(row, read.remark)
    take_in_asks(network=known.network, rows=asks)


def _take_offers(
    rows: list[tuple[Row, str]], known: Known, sheet_map: SheetMap, report: Report
) -> Iterator[Line]:
    for row, key in rows:
        try:
            read = read_offer(sheet_map, row, known)
            with transaction.atomic():
                publish_offer(
                    network=known.network,
                    member=_member(read, known),
                    draft=read.draft,
                    source=SHEET,
                    source_key=key,
                )
        except CellUnreadable as problem:
            yield _refused(row, problem)
        except Refused as refusal:
            yield Line(line=row.line, outcome=Outcome.REFUSED, field="row", reason=str(refusal))
        else:
            yield _taken(row, read.remark)


def _refused(row: Row, problem: CellUnreadable) -> Line:
    return Line(line=row.line, outcome=Outcome.REFUSED, field=problem.field, reason=problem.why)


def _taken(row: Row, remark: str) -> Line:
    return Line(line=row.line, outcome=Outcome.TAKEN, field="row" if remark else "", reason=remark)


def _member(read: ReadOffer, known: Known) -> Member:
    """Who offers: known by their confirmed contact, or from an earlier row or run, or new."""
    if read.contact is not None:
        found = member_for_contact(known.network, read.contact)
        if found is not None:
            return found
    made = member_id(known.network, read.giver)
    earlier = Member.objects.filter(network=known.network, pk=made).first()
    return earlier or join(
        network=known.network,
        imported_as=made,
        name=read.draft.name,
        contact=read.contact,
        languages=read.draft.languages,
        per_week=read.draft.per_week,
    )
