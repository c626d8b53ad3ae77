"""What stands on the made-up phones of the demonstration: a few talks in several languages, in the program's words."""

from datetime import datetime, timedelta

from commonweal.channels.simulator.actions import keep_sample
from commonweal.messaging.models import Message
from commonweal.messaging.writing import write
from commonweal.web.demo.town import Town

# The asks of the scenes that came by text, and what was written to ask.
TALKS = {
    "halal": "Hola, necesitamos compras para cuatro, comida halal. Tercer piso, sin ascensor.",
    "slip": "Can somebody go to the post office for me? I have the slip. Otto",
    "dinner": "Somos cinco y hay un bebé nuevo. ¿Alguien puede traer algo caliente?",
}
FAHIMA, QUESTION = "+14105550188", "مساعدة"
BEFORE = timedelta(minutes=1)


def fill_phones(town: Town, ends_at: datetime) -> None:
    """Put each talk on the phone of the one who had it, with what the network answered."""
    for name, words in TALKS.items():
        ask = town.fresh(name)
        _keep(town, ask.contact, words, ask.created_at - BEFORE, from_network=False)
        for letter in Message.objects.filter(
            network=town.network, about="ask", about_id=ask.pk, kind="phone", template="ask_received"
        ):
            _answer(town, ask.contact, letter.template, letter.language, letter.context, letter.created_at)
    _keep(town, FAHIMA, QUESTION, ends_at - 3 * BEFORE, from_network=False)
    about = {"phone": town.network.phone, "network": town.network.name}
    _answer(town, FAHIMA, "say_help", "ar", about, ends_at - 2 * BEFORE)


def _answer(
    town: Town, number: str, template: str, language: str, context: dict[str, str], at: datetime
) -> None:
    written = write(template, language, context, network=town.network.name)
    _keep(town, number, written.text, at, from_network=True)


def _keep(town: Town, number: str, text: str, at: datetime, *, from_network: bool) -> None:
    keep_sample(network=town.network, number=number, text=text, at=at, from_network=from_network)
