"""The door at which other people's servers tell us what came in and what became of what went out.

``POST /in/SETUP/TOKEN/REST``. No session, no cookie, no form token: what is said is believed because it is signed. The
answer is "taken" only once it is stored; a fault of ours is answered so that the other side says it again.
"""

import hmac
import json
import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from commonweal.base.errors import NotFound, Refused, TooMany
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.channels import health
from commonweal.channels.adapters import Adapter, adapters
from commonweal.channels.models import ChannelSetup

logger = logging.getLogger(__name__)
# Wrong keys and forged letters from one address; signed ones are not counted.
MOST_WRONG, WITHIN = 60, timedelta(minutes=1)


class Forged(Refused):
    """What was said is not signed with the key that we and the other side share."""

    status = 403


class Malformed(Refused):
    """What was said cannot be read; saying it again won't help."""

    status = 400


class TooLarge(Refused):
    """More than anything that belongs here."""

    status = 413


@csrf_exempt
def incoming(request: HttpRequest, setup: uuid.UUID, token: str, rest: str = "") -> HttpResponse:
    """One thing that another server tells us."""
    if request.method != "POST":
        return problem(405, "Only POST is answered here.", Allow="POST")
    if settings.COMMONWEAL_HTTPS and not request.is_secure():
        return problem(403, "Only https is answered here.")
    try:
        return _heard(request, *_setup(setup, token), rest)
    except (NotFound, Forged) as refusal:
        return _wrong(request, refusal)
    except Refused as refusal:
        return problem(refusal.status, type(refusal).__name__)
    except UnreadablePostError:
        return problem(400, "Malformed")
    except Exception as fault:
        # Whoever tells us something tells it again when we could not keep it.
        level = logging.WARNING if isinstance(fault, DatabaseError) else logging.ERROR
        logger.log(level, "something that came in could not be kept", exc_info=True)
        return problem(503, "Please say it again.", **{"Retry-After": "30"})


def read_body(request: HttpRequest, most: int) -> bytes:
    """The body as it came, up to ``most`` bytes; raises TooLarge."""
    body = request.read(most + 1)
    if len(body) > most:
        raise TooLarge
    return body


def read_json(body: bytes) -> dict[str, object]:
    """The body as a JSON object; raises Malformed."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(said, dict):
        raise Malformed
    return said


def text_of(said: dict[str, object], name: str, most: int = 20_000) -> str:
    """A text of a JSON object, "" where there is none; raises Malformed for anything that is no text."""
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed
    return value[:most]


def is_signed(expected: str, given: str) -> bool:
    """Whether two signatures are the same, told in a time that gives nothing away."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def problem(status: int, detail: str, **headers: str) -> HttpResponse:
    """An answer as problem+json (RFC 9457)."""
    said = {"type": "about:blank", "status": status, "title": detail}
    return HttpResponse(
        json.dumps(said), status=status, content_type="application/problem+json", headers=headers
    )


def _heard(request: HttpRequest, setup: ChannelSetup, adapter: Adapter, rest: str) -> HttpResponse:
    if adapter.door is None:
        raise NotFound
    answer = adapter.door(request, setup, rest)
    health.note_heard(setup)
    return answer


def _setup(key: uuid.UUID, token: str) -> tuple[ChannelSetup, Adapter]:
    """The setup of this address and what serves it; raises NotFound, for a wrong token as for no setup."""
    setup = ChannelSetup.objects.select_related("network").filter(pk=key, is_on=True).first()
    adapter = adapters().get(setup.adapter) if setup else None
    if setup is None or adapter is None or not constant_time_compare(setup.token, token):
        raise NotFound
    return setup, adapter


def _wrong(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Refuse, and count it against the address it came from."""
    try:
        count_once("wrong at the door", address_of(request), most=MOST_WRONG, within=WITHIN)
    except TooMany as limit:
        return problem(limit.status, "TooMany", **{"Retry-After": str(limit.wait)})
    return problem(refusal.status, type(refusal).__name__)
