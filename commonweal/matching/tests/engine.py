"""The engine without its process: the same requests, the same answers."""

from commonweal.matching.errors import NoEngine
from commonweal.matching.solving.work import Engine


class AtHand:
    """Stands in for `running.EngineProcess`. ``asked`` counts the requests; ``dies`` makes the next one fail."""

    def __init__(self):
        self._engine = Engine()
        self.asked, self.dies, self.closed = 0, False, False

    def ask(self, request):
        """Its answer."""
        if self.dies or self.closed:
            raise NoEngine
        self.asked += 1
        return self._engine.answer(request)

    def close(self):
        """It is not needed any more."""
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self.close()
