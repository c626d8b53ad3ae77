"""Which category a text is about: everyday words in five languages, the network's own words, the model, corrections."""

from pathlib import Path

import pytest

from commonweal.intake.triage import SURE, Labels, category_for, find_category, labels, network_labels
from commonweal.networks.actions import add_category, create_network
from commonweal.networks.models import Category

SAID = {
    "groceries": [
        "Hi, can anybody get me some milk and eggs? I have the flu", "necesito que alguien me traiga el mandado",
        "je ne peux pas faire mes courses", "mwen pa gen anyen pou m manje", "أحتاج خضار وخبز",
        "Necesitamos comida para mi familia, somos 5", "نحتاج إلى طعام لأربعة أشخاص",
    ],
    "meals": [
        "we just had a baby and could use dinner a couple nights", "un plato de comida caliente para mi abuela",
        "quelqu'un peut cuisiner pour ma voisine ?", "yon plat manje cho", "وجبة ساخنة لجارتي",
    ],
    "ride": [
        "can someone drive my mom to the eye doctor", "¿alguien me puede llevar al aeropuerto el lunes?",
        "il faut m'emmener chez le médecin, un trajet court", "mwen bezwen yon moun mennen m kay dokte",
        "بدي حدا يوصلني على المطار",
    ],
    "errand": [
        "could you pick up my prescription", "recoger mis medicinas de la farmacia", "aller à la pharmacie pour moi",
        "ale nan famasi pou mwen", "إحضار الدواء من الصيدلية",
    ],
    "repair": [
        "my sink is leaking all over", "la lavadora no funciona", "mon robinet est cassé", "tiyo a ap koule",
        "الحنفية مكسورة وتسرب ماء",
    ],
    "moving": [
        "I'm moving out saturday and need 2 strong people", "ayuda para cargar muebles", "on déménage dimanche",
        "bwote meb samdi", "نقل أثاث إلى شقة جديدة",
    ],
    "childcare": [
        "who can watch my two kids tomorrow", "quien cuide a mi niña mientras trabajo", "garder mes enfants jeudi",
        "moun pou gade pitit mwen", "رعاية أطفالي ساعتين",
    ],
    "things": [
        "do you have size 4 diapers", "busco un abrigo para mi hija", "j'ai besoin de couches", "bezwen rad pou timoun",
        "أحتاج حفاضات",
    ],
    "borrow": [
        "can I borrow a drill", "una silla de ruedas prestada", "emprunter une échelle", "prete m yon nechèl",
        "استعارة سلم ليوم",
    ],
    "company": [
        "I am 83 and lonely, would love a visitor", "me siento muy sola", "tenir compagnie à ma mère",
        "vizite manman m, li poukont li", "أمي وحيدة وتحب زيارة",
    ],
    "listening": [
        "I just need to talk to somebody, so anxious", "necesito hablar con alguien", "besoin de parler à quelqu'un",
        "mwen bezwen pale ak yon moun", "أحتاج أحد يسمعني",
    ],
    "papers": [
        "help filling out a form", "ayuda con el formulario de asilo", "remplir un formulaire", "ranpli yon fòm",
        "تعبئة استمارة",
    ],
}  # fmt: skip
ABOUT_NOTHING = [
    "mañana por la tarde",
    "Saturday afternoon",
    "بعد الظهر",
    "",
    " ",
    "hello",
    "ok thank you",
    "qué tal",
    "1",
    "🙂",
    "\x00",
    "xxxxxxxx",
    "this number is wrong",
]


@pytest.fixture
def network(db):
    return create_network(slug="elm", name="Elm Street")


def found(network, text):
    return find_category(network, labels(text))


@pytest.mark.parametrize(("slug", "text"), [(slug, text) for slug, texts in SAID.items() for text in texts])
def test_words_of_every_day_name_the_category(network, slug, text):
    category = found(network, text)
    assert category is not None
    assert category.value.slug == slug
    assert category.words
    assert all(piece in text for piece in category.words.split(", "))


# Made up without a look at the lists, which were made longer by what was missed.
TEXTS = (Path(__file__).parent / "texts" / "categories.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("line", TEXTS)
def test_people_s_own_words_name_the_category(network, line):
    slug, text = line.split("|")
    category = found(network, text)
    assert (category.value.slug if category else "none") == slug


def test_one_weak_word_alone_is_not_sure(network):
    assert 0.5 < found(network, "something with a dresser").confidence < SURE


@pytest.mark.parametrize("text", ABOUT_NOTHING)
def test_what_is_about_nothing_has_no_category(network, text):
    assert found(network, text) is None
    assert category_for(network, labels(text)) is None


def test_without_the_words_it_is_the_same(network):
    text = "can I borrow a drill"
    whole = found(network, text)
    assert category_for(network, labels(text)) == (whole.value, whole.confidence)


def test_a_longer_phrase_counts_instead_of_its_parts(network):
    assert found(network, "comida caliente para dos").value.slug == "meals"
    assert found(network, "comida para dos").value.slug == "groceries"


def test_two_needs_in_one_text_are_unsure(network):
    assert found(network, "groceries, and someone to watch my kids").confidence < SURE
    assert found(network, "someone to watch my kids").confidence >= SURE


def test_a_network_s_own_category_is_known_by_its_name_in_its_languages(network):
    add_category(
        network=network, slug="bees", names={"en": "Bee keeping", "fr": "Ruches"}, nature=Category.Nature.TASK
    )
    assert found(network, "someone who knows ruches").value.slug == "bees"
    assert found(network, "bee keeping for beginners").value.slug == "bees"


def test_the_model_finds_what_a_network_in_a_flood_has_a_category_for(network):
    add_category(network=network, slug="water", names={"en": "H2O"}, nature=Category.Nature.GIFT)
    labelled = Labels(text="no word that we know", chances={"water": 0.9}, yes=("water",))
    category = find_category(network, labelled)
    assert category.value.slug == "water"
    assert category.words == ""


def test_a_closed_category_and_something_else_are_never_found(network):
    Category.objects.filter(network=network, slug="borrow").update(is_open=False)
    assert category_for(network, Labels(text="borrow a ladder", chances={}, yes=())) is None
    assert found(network, "something else") is None


def test_a_network_without_categories_has_none(network):
    Category.objects.filter(network=network).update(is_open=False)
    assert found(network, "groceries") is None


def test_corrections_move_the_odds(network):
    meals = Category.objects.get(network=network, slug="meals")
    said = Labels(text="something with milk", chances={}, yes=(), own={meals.pk: 9.0, None: -1.0})
    assert find_category(network, said).value == meals
    elsewhere = create_network(slug="oak", name="Oak Street")
    assert find_category(elsewhere, said).value.slug != "nothing of ours"


class TestLabels:
    def test_the_shipped_model_reads_english_and_what_nobody_translated(self):
        for text in ("we need water and food please", "nou bezwen dlo ak manje souple"):
            said = labels(text)
            assert {"water", "food", "request"} <= set(said.yes), text
            assert said.chance("water") > 0.5
        assert labels("hello").yes == ()

    @pytest.mark.parametrize("text", ["", "a" * 10_000, "🙂", "שלום", "\x00\x00", "\ud800"])
    def test_any_text_is_taken(self, text):
        said = labels(text)
        assert all(0 <= chance <= 1 for chance in said.chances.values())

    def test_a_label_that_there_is_not_has_no_chance(self):
        assert labels("food").chance("snow") == 0

    def test_a_network_that_has_corrected_nothing_adds_nothing(self, network, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert network_labels(network, "food").own == {}
