"""What speaks for the sender of an e-mail: that they answer a letter of ours, or that our own mail server vouches.

Anybody can put any address in ``From``. A letter of ours has a ``Message-ID`` with seventy random bits, which only
those know who got it; and the server that took the letter in says in ``Authentication-Results`` (RFC 8601) whether the
domain of the sender has signed for it.
"""

import re
from email.message import EmailMessage
from email.utils import parseaddr

MOST_ANSWERED = 20
LONGEST_HEADER = 10_000
_ID = re.compile(r"<[^<>\s]{3,200}>")
_COMMENT = re.compile(r"\([^()]*\)")


def answered_ids(mail: EmailMessage) -> tuple[str, ...]:
    """The ids of the letters it answers (``In-Reply-To``, ``References``), the one it answers most directly first."""
    near, far = _ids(mail, "In-Reply-To"), _ids(mail, "References")
    return tuple(dict.fromkeys([*near, *reversed(far)]))[:MOST_ANSWERED]


def is_vouched_for(mail: EmailMessage, server: str) -> bool:
    """Whether ``server``, the name our own mail server signs its findings with, says the sender's domain stands by it.

    That is DMARC passed, or a DKIM signature of just this domain. Only the topmost finding of that name counts: a
    server puts its own above whatever a letter brought along, and takes away what others wrote in its name (RFC 8601,
    section 5).
    """
    domain = parseaddr(str(mail.get("From") or ""))[1].rpartition("@")[2].lower()
    if not server or not domain:
        return False
    for header in mail.get_all("Authentication-Results") or []:
        name, _semicolon, results = _plain(str(header)).partition(";")
        if name.split()[:1] == [server.lower()]:
            return any(_speaks(result.split(), domain) for result in results.split(";"))
    return False


def _speaks(words: list[str], domain: str) -> bool:
    if "dmarc=pass" in words:
        return any(word == f"header.from={domain}" for word in words)
    return "dkim=pass" in words and f"header.d={domain}" in words


def _plain(header: str) -> str:
    """Without comments, which may hold anything, and in small letters."""
    text = header[:LONGEST_HEADER]
    while (shorter := _COMMENT.sub(" ", text)) != text:
        text = shorter
    return text.lower()


def _ids(mail: EmailMessage, name: str) -> list[str]:
    try:
        return _ID.findall(str(mail.get(name) or "")[:LONGEST_HEADER])
    except Exception:  # noqa: BLE001 - the parser of headers trips over what people's programs write
        return []
