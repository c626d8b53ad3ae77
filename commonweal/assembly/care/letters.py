"""What is written to readers, to owners of a report, and to those a measure falls on. None of it says what was told."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from commonweal.assembly.care.models import Measure, Report
from commonweal.base.tenancy import TenantModel
from commonweal.members.models import Member
from commonweal.members.queries import contact_points
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address
from commonweal.networks.models import Network


def waiting(report: Report, reader: Member) -> None:
    """Somebody chose this reader."""
    if report.step_due_at:
        _write(reader, "care_waiting", report, f"{reader.pk}", until=report.step_due_at, link=_page(report))


def overdue(report: Report) -> None:
    """The reader let a step go by."""
    if report.reader:
        with translation.override(report.reader.language):
            step = str(report.get_step_display())
        _write(report.reader, "care_overdue", report, f"{report.nagged}", what=step, link=_page(report))


def passed(report: Report, other: Member) -> None:
    """Another one is told that a step is overdue, not what it is about."""
    who = report.reader.name if report.reader else "–"
    _write(other, "care_passed", report, f"{other.pk}:{report.nagged}", name=who, link=_url("assembly:care"))


def news(report: Report, occasion: object) -> None:
    """There is something new on the owner's page; only for who wants to be written to."""
    if report.letters and report.reporter and report.token_box:
        _write(
            report.reporter, "care_news", report, f"{occasion}", link=_url("assembly:told", report.token_box)
        )


def held_from_homes(measure: Measure) -> None:
    """Somebody is not asked to help at homes for a while."""
    if measure.ends_at:
        _write(measure.member, "care_homes", measure, "", until=measure.ends_at, words=measure.words)


def held(measure: Measure) -> None:
    """Somebody is not asked to help for a while."""
    if measure.ends_at:
        _write(measure.member, "care_held", measure, "", until=measure.ends_at, words=measure.words)


def out(measure: Measure) -> None:
    """Somebody is suspended or removed: until when, what is said of it, and how to appeal."""
    if measure.ends_at:
        link = _url("assembly:appeal", measure.token_box)
        _write(measure.member, "care_out", measure, "", until=measure.ends_at, words=measure.words, link=link)


def back(measure: Measure) -> None:
    """It is over."""
    _write(measure.member, "care_back", measure, "")


def answered(measure: Measure) -> None:
    """An appeal was answered."""
    link = _url("assembly:appeal", measure.token_box)
    _write(measure.member, "care_answered", measure, f"{measure.appealed_at:%y%m%d%H%M%S}", link=link)


def second_wanted(measure: Measure, other: Member, occasion: str) -> None:
    """A removal, or an appeal against one, waits for a second person."""
    link = _url("assembly:measure", measure.pk)
    _write(other, "care_second", measure, f"{other.pk}:{occasion}", link=link)


def _write(to: Member, template: str, about: TenantModel, occasion: str, **words: str | datetime) -> None:
    points = contact_points(to)
    if not points:
        return
    network = Network.objects.get(pk=about.network_id)
    with translation.override(to.language):
        said = {name: _day(value, network) for name, value in words.items()}
    first = points[0].as_contact
    queue_message(
        network=network,
        to=Address(kind=first.kind, value=first.value, language=to.language),
        template=template,
        context={**said, "network": network.name},
        key=f"{template}:{about.pk}:{occasion}",
        about=about,
        others=[point.as_contact for point in points[1:] if point.confirmed_at],
    )


def _day(value: str | datetime, network: Network) -> str:
    if isinstance(value, str):
        return value
    return date_format(value.astimezone(network.zone), "SHORT_DATETIME_FORMAT")


def _page(report: Report) -> str:
    return _url("assembly:report", report.pk)


def _url(name: str, *args: object) -> str:
    return settings.COMMONWEAL_BASE_URL + reverse(name, args=args)
