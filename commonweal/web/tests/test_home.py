"""What the home page counts, and how it says so."""

import pytest
from django.utils.translation import override

from commonweal.exchange.queries import Figures
from commonweal.web.home import figures


@pytest.mark.parametrize(
    ("counted", "values"),
    [
        (Figures(met_this_week=46, usual_minutes=320, open_count=9), ["46", "5 h 20", "9"]),
        (Figures(met_this_week=0, usual_minutes=None, open_count=0), ["0", "0"]),
        (Figures(met_this_week=1234, usual_minutes=0, open_count=10_000), ["1,234", "1 min", "10,000+"]),
    ],
)
def test_figures_say_what_they_mean(counted, values):
    assert [value for _words, value in figures(counted)] == values


def test_figures_speak_the_readers_language():
    with override("es"):
        words = [
            words for words, _value in figures(Figures(met_this_week=1, usual_minutes=None, open_count=1))
        ]
    assert words == ["pedidos atendidos esta semana", "aún abiertos, ninguno olvidado"]
