"""Strange things to say in a form: what breaks encodings, queries, sheets, headers, pages, numbers and dates."""

import random

WORDS = (
    "", " ", "\x00", "a\x00b", "\x01\x1f\x7f\x9f", "\ud800", "\udfff\ud800", "\ufeff", "\uffff", "\U0010ffff",
    "\u202egnp.exe", "\u2066\u2067\u2068\u2069", "\u200b\u200d\u2060",
    "e\u0301" * 40, "Z\u0351\u0343" * 60, "👩‍👩‍👧‍👦🏳️‍🌈", "ﷺ" * 20,
    "İıſß", "ǅ", "１２３", "٣٤٥", "NaN", "Infinity", "-0", "1e309", "0x10",
    "1_000", "9" * 400, "-1", "2147483648",
    "9223372036854775808", "1.5", "1,5", "½", "true", "null", "None", "undefined", "[]", "{}", "on",
    "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-11-25T25:61", "23:60", "24:00", "-5:00",
    "a\r\nBcc: everyone@example.org", "a\nSet-Cookie: x=1",
    "\r\n\r\n<html>", "%0d%0aLocation: //evil.example",
    '=HYPERLINK("//evil.example")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "</textarea><svg onload=x>",
    "{{7*7}}", "{% load x %}", "${7*7}", "#{7*7}", "%s%s%n", "%(secret)s",
    "{0.__class__}", "' OR 1=1 --", '"; DROP TABLE',
    "\\", "\\x00", "../../etc/passwd", "..\\..\\x", "file:///etc/passwd",
    "//evil.example/", "https://evil.example",
    "a@b", "a@example.org", '"a b"@example.org', "a@" + "x" * 250 + ".org", "é@exämple.org", "a@[127.0.0.1]",
    "+14105550177", "+1 (410) 555-0177", "0", "+", "+999999999999999999",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip


def strange(dice: random.Random) -> str:
    """One of the known troublemakers, two of them, a long one, or what no list has."""
    kind = dice.random()
    if kind < 0.6:
        return dice.choice(WORDS)
    if kind < 0.75:
        return dice.choice(WORDS) + dice.choice(WORDS)
    if kind < 0.85:
        return (dice.choice(WORDS) or "x") * dice.choice((9, 90, 900))
    return "".join(chr(_point(dice)) for _place in range(dice.randrange(1, 60)))


def _point(dice: random.Random) -> int:
    return dice.randrange(*dice.choice(((0, 0x80), (0x80, 0x800), (0x800, 0x10000), (0x10000, 0x110000))))
