"""What somebody wrote themselves in an e-mail: without what they quote, and without what stands under every mail."""

import re

# "On Tuesday, Rosa wrote:", over one line or two, in the languages of the program.
_INTRODUCED = re.compile(
    r"^(?:on\b.{3,200}\bwrote|el\b.{3,200}\bescribi[oó]|le\b.{3,200}\ba écrit|am\b.{3,200}\bschrieb|"
    r"في\b.{3,200}كتب.{0,80}):\s*$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^(?:-{2,}\s*(?:original message|forwarded message|mensaje original|الرسالة الأصلية)\s*-{2,}|_{20,}|"
    r"(?:from|de|من):\s.+(?:@|\[mailto).*)$",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"^(?:sent from my\b|sent from\b.{0,40}(?:mail|phone|android|outlook)|enviado desde mi\b|"
    r"get outlook for\b|أرسلت من)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|rv|رد)\s*:\s*)+", re.IGNORECASE)


def own_words(text: str) -> str:
    """The writer's own words: everything before a quotation, a signature, or the line of a mail program."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        bare = line.strip()
        two = f"{bare} {lines[number + 1].strip()}" if number + 1 < len(lines) else bare
        if line.rstrip() == "--" or line == "-- " or _ORIGINAL.match(bare) or _SENT_FROM.match(bare):
            break
        if _INTRODUCED.match(bare) or (not bare.endswith(":") and bare and _INTRODUCED.match(two)):
            break
        if not bare.startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()


def own_subject(subject: str) -> str:
    """The subject of a new letter; empty for an answer, which repeats ours."""
    return "" if _SUBJECT.match(subject) else subject.strip()
