"""The host name from which strangers' pictures and recordings are shown: nothing else is answered there.

It shares no cookie with the pages, so that whatever a file does to a browser, it does it as nobody.
"""

import base64
import re
import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from commonweal.base import clock
from commonweal.intake.media.kinds import ENDINGS, kind_of
from commonweal.intake.models import Attachment

SALT = "commonweal.web.media"
# Long enough to open a page and listen; the page gives a new one each time it is looked at.
LASTS_S = 300
_TOKEN = re.compile(r"/([\w:-]{20,400})", re.ASCII)
HEADERS = {
    # As a page of its own it could run nothing, load nothing and be framed by nobody.
    "Content-Security-Policy": "default-src 'none'; sandbox; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages, at another host name, show it; the address is known to nobody else.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def source_of(attachment: Attachment) -> str:
    """Where a page finds what it shows: an address at the media host for five minutes, or the thing itself as data."""
    if not settings.COMMONWEAL_MEDIA_URL:
        return f"data:{attachment.kind};base64,{attachment.content}"
    until = int(clock.now().timestamp()) + LASTS_S
    named = [str(attachment.network_id), str(attachment.pk), until]
    return f"{settings.COMMONWEAL_MEDIA_URL}/{signing.Signer(salt=SALT).sign_object(named)}"


class MediaHost:
    """Answers whatever is asked of the media host, and passes everything else on, which knows nothing of files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A file for a good address; no page, no cookie, no word on anything else."""
        if not _is_media_host(request):
            return self.get_response(request)
        answer = _answer(request)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer


def _is_media_host(request: HttpRequest) -> bool:
    """By name alone, whatever the port: a name in capitals or with a dot at its end is the same one."""
    ours = urlsplit(settings.COMMONWEAL_MEDIA_URL).hostname
    return bool(ours) and split_domain_port(request.get_host())[0] == ours


def _answer(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
    attachment = _named(request.path_info)
    content = base64.b64decode(attachment.content) if attachment else b""
    if attachment is None or kind_of(content) != attachment.kind:
        return HttpResponse("Not here (any more).", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    name = f"message-{attachment.position + 1}.{ENDINGS[attachment.kind]}"
    return HttpResponse(
        content,
        content_type=attachment.kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _named(path: str) -> Attachment | None:
    """What a signed address of the last five minutes leads to, if it is here and may be shown."""
    found = _TOKEN.fullmatch(path)
    if not found:
        return None
    try:
        network, key, until = signing.Signer(salt=SALT).unsign_object(found[1])
    except signing.BadSignature:
        return None
    if until < clock.now().timestamp():
        return None
    kept = Attachment.objects.filter(network=uuid.UUID(network), pk=uuid.UUID(key), kind__in=ENDINGS)
    return kept.first()
