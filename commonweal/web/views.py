"""The frame's own pages."""

import re
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from commonweal.members.access import onward_path
from commonweal.networks.requests import NetworkRequest
from commonweal.web import design as samples
from commonweal.web import home as frontpage
from commonweal.web.privacy.things import things_kept

PAPER = "#fbf7ef"  # --paper of the look
# What people typed, as against ids, numbers, dates and ticks that only a program reads.
_TYPED = re.compile(r"[^\W\d_]{2}")
_MACHINE = re.compile(r"[\w-]{20,}|[a-z_]+")


@require_safe
def home(request: NetworkRequest) -> HttpResponse:
    """The two doors, the figures and the noticeboard."""
    return render(request, "web/home.html", frontpage.of(request.network))


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "web/design.html", {"shelves": samples.shelves()})


@require_safe
def manifest(request: NetworkRequest) -> HttpResponse:
    """What a phone that puts us on its home screen has to know (Web Application Manifest)."""
    drawings = [("web/mark.svg", "any", "image/svg+xml")]
    drawings += [(f"web/icon-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512)]
    said = {
        "name": request.network.name,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [{"src": static(src), "sizes": sizes, "type": kind} for src, sizes, kind in drawings],
    }
    return JsonResponse(
        said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def keeping(request: NetworkRequest) -> HttpResponse:
    """What is kept about people, why, who sees it, and for how long."""
    policy = request.network.policy
    context = {"erase_days": policy.erase_days, "things": things_kept(policy)}
    return render(request, "web/keeping.html", context)


@csrf_exempt  # It changes nothing but the words of the reader's own pages, so that no page needs a token to offer it.
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language in a cookie and go back to where they were."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
    response = HttpResponseRedirect(onward_path(request, request.POST.get("next")) or reverse("home"))
    remember_language(response, code)
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    """Keep the reader's language in a cookie for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=60 * 60 * 24 * 365,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old: shows what was typed, to be sent again with a fresh token.

    Only for a form of our own pages, as the browser itself testifies; what another site posts is shown to nobody, or
    its words would get a button of ours.
    """
    fields = _posted(request) if _is_ours(request) else []
    typed = [value for _name, value in fields if _TYPED.search(value) and not _MACHINE.fullmatch(value)]
    return render(request, "web/stale.html", {"fields": fields, "typed": typed}, status=403)


def _is_ours(request: HttpRequest) -> bool:
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == here


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]  # fmt: skip
