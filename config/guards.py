"""What browsers are told to refuse: cookies that only we can set, and a policy for everything a page may load."""

from urllib.parse import urlsplit
from wsgiref.headers import Headers

from django.core.exceptions import ImproperlyConfigured

YEAR_S = 60 * 60 * 24 * 365
# No other site may read or embed what we answer, nor hold on to a window of ours. (Not Embedder-Policy: the content
# security policy says already what a page may embed, and a worker's file without that header would not be run.)
ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guards(*, https: bool, media: str) -> dict[str, object]:
    """The settings that depend on whether people come by ``https``; ``media`` is where their pictures are shown from.

    With ``https`` every cookie has the prefix ``__Host-``: a browser takes such a one only over TLS, from this very
    host, for all of it, so that neither a neighbouring host name nor a page without TLS can plant one.
    """
    prefix = "__Host-" if https else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}sessionid",
        "CSRF_COOKIE_NAME": f"{prefix}csrftoken",
        "LANGUAGE_COOKIE_NAME": f"{prefix}django_language",
        "COMMONWEAL_COOKIE_PREFIX": prefix,
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "LANGUAGE_COOKIE_SECURE": https,
        "SECURE_SSL_REDIRECT": https,
        # The doors of other programs refuse instead: a program that is led on never learns that its key was overheard.
        "SECURE_REDIRECT_EXEMPT": [r"^in/"],
        "SECURE_HSTS_SECONDS": YEAR_S if https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_HSTS_PRELOAD": https,
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _policy(https=https, media=media)},
    }


def _policy(*, https: bool, media: str) -> dict[str, object]:
    """Nothing but what is listed, and nobody is told of what was refused: a report would name the page to others.

    ``data:`` is a picture or a sound that stands in the page itself. Nothing in a page becomes script: what may turn
    text into a document or an address into a script passes ``web/trusted.js`` first.
    """
    shown = ["'self'", "data:", *([media] if media else [])]
    policy: dict[str, object] = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": shown,
        "font-src": ["'self'"],
        "media-src": shown,
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
    return {**policy, "upgrade-insecure-requests": True} if https else policy


def media_origin(address: str, base: str, hosts: list[str]) -> str:
    """The origin of COMMONWEAL_MEDIA_URL, "" where none is set; raises ImproperlyConfigured for one that is no use.

    A port makes no other site for cookies, so it has to be another host name than that of the pages.
    """
    if not address:
        return ""
    at, pages = urlsplit(address), urlsplit(base)
    if at.scheme not in ("http", "https") or not at.hostname or at.path.strip("/") or at.query or at.username:
        raise ImproperlyConfigured(
            f"COMMONWEAL_MEDIA_URL is {address!r}; write an address without a path, like https://media.example.org."
        )
    if at.scheme != pages.scheme:
        raise ImproperlyConfigured(
            "COMMONWEAL_MEDIA_URL and COMMONWEAL_BASE_URL must both be http, or both https."
        )
    if at.hostname == pages.hostname or at.hostname in hosts:
        raise ImproperlyConfigured("COMMONWEAL_MEDIA_URL must have a host name that no page is answered at.")
    return f"{at.scheme}://{at.netloc.lower()}"


def of_a_file(headers: Headers, path: str, url: str) -> None:
    """What a style sheet, a script or a picture of ours carries: it serves no other site's pages."""
    for name, value in ISOLATION.items():
        headers[name] = value
