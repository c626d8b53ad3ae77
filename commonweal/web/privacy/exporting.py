"""What is held on a person as a file to take away: for people to read, or for programs."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from commonweal.base import clock
from commonweal.networks.models import Network
from commonweal.web.privacy.holding import Held


def as_json(network: Network, held: Sequence[Held]) -> HttpResponse:
    """A file for programs: ``network``, ``made_at``, and ``held``, a list with ``entries`` of what each row says."""
    said: dict[str, Any] = {
        "network": network.name,
        "made_at": clock.now().isoformat(),
        "held": [
            {
                "what": thing.what,
                "why": thing.why,
                "readers": thing.readers,
                "until": thing.until,
                "count": thing.count,
                "entries": [
                    {"at": entry.at.isoformat() if entry.at else None, **entry.said}
                    for entry in thing.entries
                ],
            }
            for thing in held
        ],
    }
    return _to_keep(json.dumps(said, ensure_ascii=False, indent=1), "application/json", "json")


def as_page(request: HttpRequest, network: Network, held: Sequence[Held]) -> HttpResponse:
    """A file for people: one page that needs nothing from anywhere."""
    context = {"network": network, "held": held, "made_at": clock.now()}
    return _to_keep(render_to_string("web/privacy/file.html", context, request), "text/html", "html")


def _to_keep(text: str, kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="what-is-held-on-me.{ending}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
