"""Whether somebody asks or offers, and how soon it must be."""

import re

from commonweal.exchange.models import Ask
from commonweal.intake.reading.folding import Folded
from commonweal.intake.reading.model import Found

_CALM = re.compile(
    r"\b(?:no (?:rush|hurry)|not (?:that |very |so )?urgent|when(?:ever)? (?:you can|it suits|convenient)"
    r"|can wait"
    r"|no (?:es|hay) (?:urgente|prisa)|sin prisa|cuando puedan?|puede esperar|pas urgent|rien ne presse"
    r"|quand vous pouvez"
    r"|pa (?:prese|ijan)|le ou kapab)\b|(?:غير (?:مستعجل|عاجل)|ليس (?:عاجلا|مستعجلا)|مش مستعجل|علي مهل)"
)
_TODAY = re.compile(
    r"\b(?:urgent(?:ly)?|asap|as soon as possible|right (?:now|away)|immediately|today|tonight"
    r"|this (?:morning|afternoon|evening)"
    r"|urgente(?:mente)?|hoy|ahora(?: mismo)?|lo antes posible|cuanto antes|de inmediato|esta (?:manana"
    r"|tarde|noche)"
    r"|aujourd'?hui|ce soir|tout de suite|ijan|kounye a|jodi ?a|aswe a|touswit|haven'?t eaten"
    r"|nothing to eat|no food left"
    r"|sin comer|grangou)\b|(?:\b(?:عاجل|مستعجل|ضروري|اليوم|الليله|الان|حالا|فورا|النهارده|بسرعه)(?:ا"
    r"|ه)?\b)"
)
_NEGATED = re.compile(r"(?:\b(?:not|isn't|isnt|no|pas|pa|don'?t need it|except|no es|ليس|مش|غير)\W+)\Z")

_OFFER = re.compile(
    r"\b(?:i (?:can|could|would be able to|am able to|want to|would like to|'d like to"
    r"|d like to) (?:also )?"
    r"(?:help|offer|give|drive|bring|cook|donate|deliver|volunteer|lend|share|teach|babysit|shop|translate"
    r"|walk|fix|repair|take|pick|make|host|watch|provide|carry)"
    r"|i'?d (?:like|love) to (?:help|volunteer|offer|give|donate)|happy to (?:help|drive|cook|give|deliver)"
    r"|i(?:'m| am) offering|i offer"
    r"|(?:we|i) have (?:\w+ ){0,4}(?:to (?:give|share|donate|spare)|extra|spare|left over)|(?:spare"
    r"|extra) \w+ to (?:give|share)"
    r"|(?:giving|give) away|free to (?:a good home|anyone)|sign me up|count me in|i volunteer"
    r"|we can (?:help|give|offer|deliver|bring|cook|drive)"
    r"|(?:yo )?(?:puedo|podria|podemos|quiero|quisiera|me gustaria|queremos) (?:ayudar|ofrecer|dar|llevar"
    r"|cocinar|donar|regalar|prestar|manejar|traer|cuidar|ensenar|compartir|repartir)\w*"
    r"|(?:ofrezco|ofrecemos|regalo|presto|dono)|tengo (?:\w+ ){0,4}(?:para (?:dar|regalar|donar|compartir)"
    r"|de sobra|que sobran?)"
    r"|je (?:peux|pourrais|voudrais|veux) (?:aider|offrir|donner|conduire|cuisiner|apporter|preter|garder"
    r"|partager)|je propose|j'offre|nous pouvons aider"
    r"|j'ai (?:\w+ ){0,4}a donner|(?:mwen|m|nou) (?:ka|kapab|vle) (?:ede|bay|ofri|kondwi|kwit|pote)"
    r"|mwen ofri"
    r")\b|(?:(?:استطيع|يمكنني|بقدر|اقدر|ممكن انا|اريد|اود|حابب|بدي|نستطيع|يمكننا) (?:ان )?(?:ا|ن)?(?:ساعد"
    r"|قدم|عطي|تبرع|وصل|طبخ|سوق|تطوع|عير|شارك)\w*"
    r"|\b(?:اعرض|اتبرع|نتبرع|اتطوع|نقدم)\b|(?:عندي|لدي) (?:\w+ ){0,4}(?:للتبرع|زياده|زائد|لاعطي|للعطاء))"
)
_CANT = re.compile(
    r"\b(?:can't|cannot|cant|can not|no puedo|no podemos|ne peux pas|pa ka|لا استطيع|ما اقدر|لا يمكنني)\b"
)
_ASK = re.compile(
    r"\b(?:i|we|they|she|he|you)? ?(?:need|needs|needed|require|looking for|in need of)\b|\b(?:can|could"
    r"|would|will) (?:you|someone|somebody|anyone|i get|i have|we get)\b"
    r"|\b(?:please (?:help|send|bring)|help (?:me|us)|is there (?:anyone|someone|any)|does anyone|we want"
    r"|i want (?!to)|i'd like (?!to (?:help|give|offer)))\b"
    r"|\b(?:necesito|necesitamos|necesita|necesitan|me hace falta|nos hace falta|hace falta|ayud[ae]n?(?:me"
    r"|nos)|busco|buscamos|pueden?|podrian?|me pueden|alguien (?:que|puede)|requiero)\b"
    r"|\b(?:j'ai besoin|nous avons besoin|besoin d|il (?:me|nous) faut|aidez|pouvez-vous|cherche|quelqu'un)"
    r"|\b(?:bezwen|ede (?:m|nou|mwen)|eske ou ka|voye|chache)\b"
    r"|(?:احتاج|نحتاج|محتاج|بحاجه|اريد (?!ان)|بدي (?!ا)|ساعدوني|ساعدونا|ساعدني|هل يمكن|هل ممكن|ممكن حد"
    r"|من فضلك|لازمني|ابحث عن|نريد)"
)


def find_urgency(folded: Folded) -> Found[int] | None:
    """How soon it must be, as far as the message says so."""
    calm = _CALM.search(folded.plain)
    if calm:
        return Found(value=int(Ask.Urgency.CALM), confidence=0.85, words=folded.found(calm))
    for match in _TODAY.finditer(folded.plain):
        if not _NEGATED.search(folded.plain[: match.start()]):
            return Found(value=int(Ask.Urgency.TODAY), confidence=0.85, words=folded.found(match))
    return None


def find_offer(folded: Folded) -> Found[bool]:
    """Whether somebody offers; what says neither is taken for an ask, with little confidence."""
    asks = _ASK.search(folded.plain)
    offers = next(
        (
            match
            for match in _OFFER.finditer(folded.plain)
            if not _CANT.search(folded.plain[max(0, match.start() - 12) : match.end()])
        ),
        None,
    )
    if offers and asks:
        # "I can drive. I need a car for it": what is said first is mostly what it is about.
        first = offers.start() < asks.start()
        return Found(value=first, confidence=0.55, words=folded.found(offers if first else asks))
    if offers:
        return Found(value=True, confidence=0.9, words=folded.found(offers))
    if asks:
        return Found(value=False, confidence=0.9, words=folded.found(asks))
    return Found(value=False, confidence=0.6)
