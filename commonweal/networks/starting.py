"""What a new network starts with. The members change all of it on a page."""

from typing import Any


def _category(
    slug: str,
    nature: str,
    icon: str,
    names: tuple[str, str, str],
    hints: tuple[str, str, str],
    vouched: int = 0,
) -> dict[str, Any]:
    languages = ("en", "es", "ar")
    return {
        "slug": slug,
        "nature": nature,
        "icon": icon,
        "vouched": vouched,
        "names": dict(zip(languages, names, strict=True)),
        "hints": dict(zip(languages, hints, strict=True)),
    }


CATEGORIES: tuple[dict[str, Any], ...] = (
    _category(
        "groceries",
        "task",
        "basket",
        ("Groceries", "Compras", "بقالة"),
        ("shopping done for you", "alguien hace las compras por ti", "من يتسوق عنك"),
    ),
    _category(
        "meals",
        "gift",
        "pot",
        ("A cooked meal", "Comida hecha", "وجبة مطبوخة"),
        ("soup, dinner, a lunch box", "sopa, cena, almuerzo", "حساء، عشاء، غداء"),
    ),
    _category(
        "ride",
        "ride",
        "car",
        ("A ride", "Transporte", "توصيلة"),
        (
            "to the clinic, to court, home",
            "a la clínica, al juzgado, a casa",
            "إلى العيادة، إلى المحكمة، إلى البيت",
        ),
    ),
    _category(
        "errand",
        "task",
        "envelope",
        ("An errand", "Un recado", "قضاء حاجة"),
        ("medicine, post, papers", "medicinas, correo, papeles", "دواء، بريد، أوراق"),
    ),
    _category(
        "repair",
        "task",
        "wrench",
        ("A repair", "Una reparación", "إصلاح"),
        ("a tap, a lock, a bicycle", "una llave de agua, una cerradura, una bici", "صنبور، قفل، دراجة"),
    ),
    _category(
        "moving",
        "task",
        "boxes",
        ("Moving, lifting", "Mudanza, cargar", "نقل وحمل"),
        ("furniture, a whole flat", "muebles, un departamento entero", "أثاث أو شقة كاملة"),
    ),
    _category(
        "childcare",
        "task",
        "child",
        ("Looking after children", "Cuidar niños", "رعاية الأطفال"),
        ("an hour, an afternoon", "una hora, una tarde", "ساعة أو بعد ظهر"),
        # Children are looked after by people whom at least two others know; the members may want it otherwise.
        vouched=2,
    ),
    _category(
        "things",
        "gift",
        "gift",
        ("A thing to keep", "Una cosa para quedarse", "غرض للاحتفاظ به"),
        ("nappies, a coat, a bed", "pañales, un abrigo, una cama", "حفاضات، معطف، سرير"),
    ),
    _category(
        "borrow",
        "loan",
        "drill",
        ("Something to borrow", "Algo prestado", "شيء للاستعارة"),
        (
            "a drill, a ladder, a wheelchair",
            "un taladro, una escalera, una silla de ruedas",
            "مثقاب، سلم، كرسي متحرك",
        ),
    ),
    _category(
        "company",
        "company",
        "cup",
        ("Company", "Compañía", "صحبة"),
        ("a walk, a coffee, a visit", "un paseo, un café, una visita", "نزهة، قهوة، زيارة"),
    ),
    _category(
        "listening",
        "listening",
        "ear",
        ("A listening ear", "Alguien que escuche", "أذن صاغية"),
        ("by phone, when it is heavy", "por teléfono, cuando pesa", "بالهاتف، حين يثقل الحمل"),
    ),
    _category(
        "papers",
        "task",
        "paper",
        ("Papers, language", "Papeles, idioma", "أوراق ولغة"),
        ("a form, a letter, interpreting", "un formulario, una carta, interpretar", "استمارة، رسالة، ترجمة"),
    ),
    _category(
        "other",
        "task",
        "dots",
        ("Something else", "Otra cosa", "شيء آخر"),
        ("say it in your own words", "dilo con tus palabras", "قلها بكلماتك"),
    ),
)
