"""What a browser says of itself, read as coarsely as a member needs it to know their own devices again."""

from django.utils.translation import gettext as _

# The first that is found counts: each pretends to be those below it.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
LONGEST = 1000


def read_device(user_agent: str) -> tuple[str, str]:
    """The browser and the system of a ``User-Agent``, by their names; an empty text for one that is not known."""
    said = user_agent[:LONGEST]
    return _first(_BROWSERS, said), _first(_SYSTEMS, said)


def in_words(browser: str, system: str) -> str:
    """What people call it: "Firefox on Android"."""
    browser = browser or _("A browser")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _first(signs: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for sign, name in signs if sign in said), "")
