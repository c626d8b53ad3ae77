"""Which language a message is in: by its script, else by its most frequent small words and endings."""

import re
from collections.abc import Collection, Mapping

from commonweal.intake.reading.folding import Folded
from commonweal.intake.reading.model import Found

# Words that one language has and the others hardly: folded, as they are compared.
WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        [
            "the",
            "and",
            "i",
            "we",
            "you",
            "my",
            "our",
            "need",
            "needs",
            "have",
            "has",
            "is",
            "are",
            "was",
            "for",
            "with",
            "please",
            "help",
            "can",
            "could",
            "would",
            "someone",
            "to",
            "of",
            "in",
            "at",
            "on",
            "it",
            "this",
            "that",
            "not",
            "no",
            "food",
            "water",
            "ride",
            "me",
            "us",
            "they",
            "he",
            "she",
            "who",
            "what",
            "when",
            "where",
            "from",
            "get",
            "some",
            "am",
            "im",
            "do",
            "does",
            "know",
            "just",
            "will",
            "want",
            "family",
            "kids",
            "children",
            "tomorrow",
            "today",
            "thanks",
            "thank",
            "hello",
            "hi",
            "there",
            "be",
            "been",
            "or",
            "if",
            "but",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "un",
            "una",
            "y",
            "o",
            "de",
            "del",
            "que",
            "en",
            "por",
            "para",
            "con",
            "mi",
            "mis",
            "nuestra",
            "nuestro",
            "necesito",
            "necesitamos",
            "ayuda",
            "favor",
            "tengo",
            "tenemos",
            "somos",
            "estoy",
            "esta",
            "hay",
            "no",
            "se",
            "me",
            "nos",
            "es",
            "comida",
            "agua",
            "hoy",
            "manana",
            "gracias",
            "hola",
            "quiero",
            "puedo",
            "puede",
            "pueden",
            "alguien",
            "ninos",
            "hijos",
            "casa",
            "donde",
            "cuando",
            "muy",
            "pero",
            "si",
            "al",
            "lo",
            "le",
            "su",
            "soy",
            "yo",
            "nosotros",
            "como",
            "estamos",
        ]
    ),
    "fr": frozenset(
        [
            "le",
            "la",
            "les",
            "un",
            "une",
            "des",
            "du",
            "de",
            "et",
            "ou",
            "je",
            "nous",
            "vous",
            "il",
            "elle",
            "mon",
            "ma",
            "mes",
            "notre",
            "besoin",
            "avons",
            "avez",
            "est",
            "sont",
            "pour",
            "avec",
            "dans",
            "sur",
            "pas",
            "ne",
            "que",
            "qui",
            "merci",
            "bonjour",
            "s'il",
            "j'ai",
            "d'eau",
            "eau",
            "nourriture",
            "aide",
            "aider",
            "manger",
            "enfants",
            "aujourd'hui",
            "demain",
            "suis",
            "sommes",
            "peux",
            "peut",
            "chez",
            "au",
            "aux",
            "ce",
            "cette",
            "plait",
            "c'est",
            "l'eau",
            "on",
            "en",
            "y",
            "a",
        ]
    ),
    "ht": frozenset(
        [
            "mwen",
            "nou",
            "ou",
            "li",
            "yo",
            "pa",
            "nan",
            "ak",
            "pou",
            "gen",
            "bezwen",
            "ki",
            "sa",
            "se",
            "te",
            "ap",
            "pral",
            "dlo",
            "manje",
            "tanpri",
            "ede",
            "moun",
            "timoun",
            "fanmi",
            "kay",
            "kote",
            "kounye",
            "jodi",
            "jodia",
            "demen",
            "mesi",
            "bonjou",
            "gade",
            "yon",
            "tout",
            "ka",
            "fe",
            "ke",
            "map",
            "nap",
            "m",
            "n",
            "lakay",
            "anpil",
            "grangou",
            "ti",
            "pitit",
        ]
    ),
}
ENDINGS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"(?:ing|ght|tion|ed|'s|th|wh)\b|\b(?:th|wh|sh)"),
    "es": re.compile(r"(?:cion|amos|emos|ando|iendo|ito|ita|ar|os|as)\b|\bll"),
    "fr": re.compile(r"(?:eux|ez|ons|ent|eau|oir|tion|aient)\b|\b(?:qu|j'|l'|d'|n')"),
    "ht": re.compile(r"(?:yen|wen|oun|syon|nou|wa)\b|\b(?:kw|mw|bw|tch)"),
}
# Languages by the script that gives them away; of several, the one that the network speaks.
SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[\u3040-\u30ff]"), ("ja",)),
    (re.compile("[\uac00-\ud7af]"), ("ko",)),
    (re.compile("[\u4e00-\u9fff]"), ("zh", "ja")),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ur", "ps")),
    (re.compile("[\u0590-\u05ff]"), ("he", "yi")),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk", "bg", "sr")),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0900-\u097f]"), ("hi", "ne", "mr")),
    (re.compile("[\u0980-\u09ff]"), ("bn",)),
    (re.compile("[\u0b80-\u0bff]"), ("ta",)),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
    (re.compile("[\u1000-\u109f]"), ("my",)),
    (re.compile("[\u1200-\u137f]"), ("am", "ti")),
    (re.compile("[\u10a0-\u10ff]"), ("ka",)),
    (re.compile("[\u0530-\u058f]"), ("hy",)),
)
# Letters of Persian and Urdu that Arabic does not have.
NOT_ARABIC = re.compile("[\u067e\u0686\u0698\u06af\u0679\u0688\u0691\u06ba\u06d2]")
_TOKEN = re.compile(r"[a-z']+")
_ENOUGH = 3.0


def find_language(folded: Folded, spoken: Collection[str]) -> Found[str]:
    """The language of a text. ``spoken`` are the network's own, the first of which stands where nothing tells."""
    by_script = _by_script(folded.text, list(spoken))
    return by_script or _by_words(folded, list(spoken))


def _by_script(text: str, spoken: list[str]) -> Found[str] | None:
    letters = sum(sign.isalpha() for sign in text[:400]) or 1
    for script, languages in SCRIPTS:
        share = len(script.findall(text[:400])) / letters
        if share < 0.3:
            continue
        if languages[0] == "ar" and NOT_ARABIC.search(text):
            languages = ("fa", "ur", "ps")
        ours = [language for language in languages if language in spoken]
        # Several languages in one script, and we speak another of them than the commonest: it may be either.
        sure = 0.95 if (ours or languages)[0] == languages[0] else 0.7
        return Found(value=(ours or languages)[0], confidence=sure if share > 0.6 else 0.7)
    return None


def _by_words(folded: Folded, spoken: list[str]) -> Found[str]:
    tokens = _TOKEN.findall(folded.plain)
    scores = {
        language: sum(token in words for token in tokens)
        + 0.25 * len(ENDINGS[language].findall(folded.plain))
        + _accents(folded.text, language)
        for language, words in WORDS.items()
    }
    # What the network speaks is a little likelier; it decides where a text is three words long.
    for language in spoken:
        if scores.get(language):
            scores[language] += 0.2
    ranked = sorted(scores, key=lambda language: (-scores[language], language not in spoken, language))
    best, second = scores[ranked[0]], scores[ranked[1]]
    if not best:
        return Found(value=spoken[0] if spoken else "en", confidence=0.2)
    confidence = (best - second * 0.6) / best * min(1.0, 0.45 + 0.5 * best / _ENOUGH)
    return Found(value=ranked[0], confidence=round(max(0.25, min(0.97, confidence)), 2))


def _accents(text: str, language: str) -> float:
    signs = {"es": "ñ¿¡áíú", "fr": "çêâîôûœù", "ht": "ò", "en": ""}[language]
    return min(2.0, sum(sign in signs for sign in text[:400].lower()))
