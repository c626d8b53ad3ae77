"""Danger to life is heard in five languages, misspelt or not; and not where somebody says that there is none."""

from pathlib import Path

import pytest

from commonweal.intake.triage import DANGERS, find_danger
from commonweal.intake.triage.saying import Labels

IN_DANGER = {
    "fire": [
        "my house is on fire", "there is smoke everywhere, come", "FIRE!! 3rd floor", "the kitchen caught fire",
        "hay fuego en la cocina", "se esta quemando la casa de al lado", "un incendio en el edificio",
        "il y a le feu dans l'immeuble", "la cuisine a pris feu", "kay la pran dife", "dife nan lari a",
        "البيت يحترق", "في حريق عنا بالبناية",
    ],
    "medical": [
        "she is not breathing", "I cant breath well", "my dad has chest pain", "he is bleeding a lot",
        "my wife is in labour", "grandma wont wake up", "we ran out of insulin", "he had a seizure just now",
        "no respira mi papá", "mi mamá está sangrando mucho", "le duele el pecho a mi esposo", "está inconsciente",
        "il ne respire plus", "ma mère est inconsciente", "elle saigne", "li pa ka respire", "manman m ap mouri",
        "pitit la endispoze", "أبي لا يتنفس", "أمي تنزف", "زوجتي فاقدة الوعي لا تستجيب", "ambulence needed quick",
    ],
    "trapped": [
        "we are trapped in the basement", "people under the rubble", "we are traped, the stairs are gone",
        "estamos atrapados en el segundo piso", "hay gente bajo los escombros", "nous sommes coincés",
        "des gens sous les décombres", "nou bloke anba dekonb", "moun kwense anba beton", "نحن محاصرون في البيت",
        "ناس تحت الأنقاض",
    ],
    "violence": [
        "my husband hit me", "he has a gun", "shots fired outside", "he is threatening me", "I was raped",
        "mi esposo me pega", "hay una balacera afuera", "me va a matar", "mon mari me frappe",
        "il y a des coups de feu", "mari m ap bat mwen", "yo ap tire sou nou", "زوجي يضربني", "في إطلاق نار",
    ],
    "suicide": [
        "I want to die", "i dont want to live anymore", "thinking about suicide", "I want to kil myself",
        "I am going to end it all", "ya no quiero vivir", "me quiero matar", "j'ai envie de mourir",
        "je veux mettre fin à mes jours", "m vle mouri", "mwen pa vle viv ankò", "أريد أن أموت", "بدي انتحر",
    ],
    "drowning": [
        "a child is drowning", "someone fell in the river", "se ahoga un niño", "se cayó al río",
        "quelqu'un se noie", "yon moun ap neye", "طفل يغرق",
    ],
    "gas": [
        "I smell gas in the hallway", "there is a gas leak", "carbon monoxide alarm", "huele a gas",
        "hay una fuga de gas", "ça sent le gaz ici", "gaz la ap koule", "ريحة غاز في البيت",
    ],
}  # fmt: skip
SAFE = [
    "I need groceries for two", "my phone died, call me", "can someone watch my kids", "a ride to dialysis on Monday",
    "I can lend a ladder", "looking for someone to play chess", "could somebody fix my heater", "help moving a couch",
    "there is no fire, all good", "nobody is hurt", "the fire is out", "we are not trapped", "he is not bleeding",
    "fire drill at school at 3", "I am drowning in paperwork", "offer: firewood, two bags", "I'd love a cooked meal",
    "my father died last year and I would like company", "I had a stroke two years ago, need help with shopping",
    "necesito pañales", "no hay fuego", "nadie está herido", "tengo una bici rota", "necesito que me lleven al doctor",
    "J'ai besoin de couches", "je cherche un lit", "mon chauffage est en panne", "personne n'est blessé",
    "mwen bezwen kouchèt pou bebe a", "m bezwen yon woulib ale lopital", "pa gen dife",
    "أحتاج توصيلة إلى العيادة", "أحتاج حفاضات", "لا يوجد حريق", "", " ", "\x00", "🙂", "1", "yes", "STOP",
]  # fmt: skip


# As people might write it, made up without a look at the lists: those that were missed at first made the lists longer.
TEXTS = Path(__file__).parent / "texts"


@pytest.mark.parametrize("text", (TEXTS / "danger.txt").read_text("utf-8").splitlines())
def test_danger_in_people_s_own_words_is_heard(text):
    assert find_danger(text) is not None


@pytest.mark.parametrize("text", (TEXTS / "safe.txt").read_text("utf-8").splitlines())
def test_need_in_people_s_own_words_is_no_danger(text):
    assert find_danger(text) is None


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in IN_DANGER.items() for text in texts]
)
def test_danger_is_heard(kind, text):
    found = find_danger(text)
    assert found is not None
    assert found.value in DANGERS
    assert found.words
    assert found.words in text
    assert found.confidence >= 0.75


@pytest.mark.parametrize("kind", DANGERS)
def test_the_kind_is_right_for_most(kind):
    right = [find_danger(text).value == kind for text in IN_DANGER[kind]]
    assert sum(right) >= 0.8 * len(right)


@pytest.mark.parametrize("text", SAFE)
def test_what_is_safe_is_let_be(text):
    assert find_danger(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to kill myself but I want to die",
        "no, she is not breathing",
        "there is no way out, there are people under the rubble",
        "no puede respirar",
        "not sure but the house is on fire",
    ],
)
def test_a_not_never_takes_back_what_may_cost_a_life(text):
    assert find_danger(text) is not None


def test_a_not_of_the_sentence_before_takes_nothing_back():
    assert find_danger("No. He is bleeding").value == "medical"


def test_a_misspelling_is_less_sure():
    assert find_danger("ambulance").confidence > find_danger("ambulence").confidence


def test_danger_late_in_a_text_is_heard():
    assert find_danger("hello " * 250 + "my house is on fire").value == "fire"


def test_two_dangers_are_told_by_the_one_with_less_time():
    assert find_danger("I smell gas and I am trapped").value == "trapped"


class TestGuess:
    """What no phrase names, the model may hear."""

    def of(self, **chances):
        return Labels(text="", chances=chances, yes=())

    def test_a_rescue_that_is_asked_for(self):
        found = find_danger("come to the school", self.of(request=0.9, search_and_rescue=0.6))
        assert (found.value, found.confidence, found.words) == ("trapped", 0.6, "")

    def test_medical_help_that_is_asked_for(self):
        assert find_danger("come", self.of(request=0.7, medical_help=0.8)).value == "medical"

    def test_news_of_others_is_none(self):
        assert find_danger("come", self.of(request=0.2, search_and_rescue=0.9)) is None

    def test_an_ask_for_bread_is_none(self):
        assert find_danger("come", self.of(request=0.9, food=0.9)) is None
