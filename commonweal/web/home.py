"""What the home page shows of the network."""

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commonweal.exchange import queries
from commonweal.exchange.queries.board import MOST_COUNTED
from commonweal.networks.models import Network
from commonweal.web import times

ROWS = 6


def of(network: Network) -> dict[str, Any]:
    """The template's context: the doors, the figures and the newest of the noticeboard."""
    page = queries.board(network, filters=queries.BoardFilters(kind="all"), limit=ROWS)
    return {
        "need_url": reverse("exchange:need"),
        "can_url": reverse("exchange:can"),
        "board_url": reverse("exchange:board"),
        "deciding_url": reverse("deciding"),
        "keeping_url": reverse("keeping"),
        "rows": page.rows,
        "figures": figures(queries.figures(network)),
    }


def figures(counted: queries.Figures) -> list[tuple[str, str]]:
    """The counts with what they mean; a usual time only where there is one."""
    shown = [(_("asks met this week"), _number(counted.met_this_week))]
    if counted.usual_minutes is not None:
        shown.append((_("usual time until somebody came"), times.length(counted.usual_minutes)))
    return [*shown, (_("still open, none forgotten"), _number(counted.open_count))]


def _number(count: int) -> str:
    shown = str(number_format(count, force_grouping=True))
    return f"{shown}+" if count >= MOST_COUNTED else shown
