"""One process of the fuzz benchmark: two networks, everybody's browsers, strange requests, and what was answered."""

import json
import logging
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import django

FORM = "application/x-www-form-urlencoded"
#: Of a thousand requests: so many to the doors of other programs, so many to made-up addresses; the rest fill in forms.
MACHINES, ADDRESSES = 40, 150
MOST_SHOWN = 20


class Record(logging.Handler):
    """Everything that is logged, while it is run."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it as the program's own formatter writes it."""
        self.lines.append(self.format(record))


class Fuzzer:
    """Sends, undoes, and counts."""

    def __init__(self, ours: Any, theirs: Any, dice: random.Random) -> None:
        self.ours, self.dice = ours, dice
        self.secrets = {secret.lower() for secret in theirs.secrets()}
        people = {"stranger": None, "member": ours.helper, "dispatcher": ours.dispatcher}
        self.browsers = {name: ours.browser(member) for name, member in people.items()}
        self.doors: dict[str, Counter[int]] = {}
        self.faults: list[dict[str, Any]] = []
        self.sent = 0

    def send(self, kind: str, who: str, method: str, address: str, body: bytes = b"", **about: Any) -> Any:
        """One request, undone; a fault or a leak is noted with all that is needed to send it again."""
        from tests.adversary.cast import undone

        with undone():
            answer = self.browsers[who].generic(method, address, body, **{"content_type": FORM, **about})
        self.sent += 1
        self.doors.setdefault(kind, Counter())[answer.status_code] += 1
        said = (b"" if answer.streaming else answer.content).decode("utf-8", "replace").lower()
        said += str(answer.headers).lower()
        leaks = [secret for secret in self.secrets if secret in said and secret not in address.lower()]
        if answer.status_code >= 500 or leaks:
            self.note(kind, who, method, address, body, answer.status_code, leaks)
        return answer

    def note(
        self, kind: str, who: str, method: str, address: str, body: bytes, status: int, leaks: list[str]
    ) -> None:
        """Keep a fault, up to so many."""
        if len(self.faults) < MOST_SHOWN:
            self.faults.append(
                {"door": kind, "who": who, "method": method, "address": address[:300], "body": repr(body[:600]),
                 "status": status, "leaks": leaks[:3]}
            )  # fmt: skip

    def forms(self) -> list[tuple[str, str, Any]]:
        """Every form that somebody sees, once: who sees it, at which door, and the form."""
        from benchmarks.fuzzing.pages import forms_in
        from tests.adversary.doors import doors

        found: dict[tuple[str, ...], tuple[str, str, Any]] = {}
        for door in doors():
            for who in self.browsers:
                for address in door.of(self.ours):
                    answer = self.send("page", who, "GET", address)
                    if answer.streaming or "html" not in answer.get("Content-Type", ""):
                        continue
                    for form in forms_in(answer.content.decode(), address):
                        names = [name for name, _value in form.fields]
                        found.setdefault(
                            (who, form.action, form.method, *sorted(set(names))), (who, door.name, form)
                        )
        return list(found.values())

    def press(self, who: str, form: Any) -> None:
        """A form, filled in strangely."""
        from benchmarks.fuzzing.pages import filled_in

        body = filled_in(form, self.dice)
        if form.method.lower() == "post":
            self.send("form", who, "POST", form.action, body)
        else:
            self.send("form", who, "GET", f"{form.action.partition('?')[0]}?{body.decode()}")

    def stray(self, door: Any) -> None:
        """A door with made-up arguments and a strange query."""
        from urllib.parse import quote

        from benchmarks.fuzzing.words import strange

        parts = [
            quote(strange(self.dice)[:200], errors="surrogatepass", safe="") or "x"
            for _name in door.arguments
        ]
        (address,) = door.paths(*([part] for part in parts))
        query = quote(strange(self.dice)[:200], errors="surrogatepass", safe="=&[]")
        method = self.dice.choice(("GET", "GET", "POST", "HEAD", "PUT"))
        body = strange(self.dice)[:1000].encode("utf-8", "surrogatepass")
        self.send("address", self.dice.choice([*self.browsers]), method, f"{address}?{query}", body)


def main() -> None:
    """``python -m benchmarks.fuzzing.inside REQUESTS SEED``; prints JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))


def run(requests: int, seed: int) -> dict[str, Any]:
    """Send so many requests, all undone at the end; what was answered, by door and by status."""
    from django.test.utils import override_settings

    from tests.adversary.cast import OUR_HOST, THEIR_HOST

    record = Record()
    record.setFormatter(_formatter())
    for name in ("django", ""):
        logging.getLogger(name).handlers = [record]
    with override_settings(ALLOWED_HOSTS=[OUR_HOST, THEIR_HOST]), _sides() as (ours, theirs, places):
        began = time.process_time()
        fuzzer = Fuzzer(ours, theirs, random.Random(seed))
        _send_all(fuzzer, requests, seed, places)
        cpu = time.process_time() - began
        private = _in_log(record.lines, ours, theirs)
    return {
        "requests": fuzzer.sent, "doors": fuzzer.doors, "cpu_s": round(cpu, 1),
        "faults": fuzzer.faults, "log_lines": len(record.lines), "private_in_log": private,
    }  # fmt: skip


def _send_all(fuzzer: Fuzzer, requests: int, seed: int, places: dict[str, tuple[str, str]]) -> None:
    from commonweal.base import clock
    from tests.adversary.doors import doors

    _tell_doors(fuzzer, requests * MACHINES // 1000, seed, places, int(clock.now().timestamp()))
    forms, all_doors = fuzzer.forms(), doors()
    for _number in range(requests * ADDRESSES // 1000):
        fuzzer.stray(fuzzer.dice.choice(all_doors))
    while fuzzer.sent < requests:
        who, _door, form = fuzzer.dice.choice(forms)
        fuzzer.press(who, form)


def _tell_doors(fuzzer: Fuzzer, number: int, seed: int, places: dict[str, tuple[str, str]], now: int) -> None:
    """What other programs would say, and what nobody should; answered as the document says."""
    from benchmarks.fuzzing.machines import cases, described, sent

    for operation, allowed, case in cases(described(places), number, seed):
        path, body, headers = sent(operation, case, now, fuzzer.dice)
        kind = headers.pop("Content-Type")
        answer = fuzzer.send(operation, "stranger", "POST", path, body, content_type=kind, headers=headers)
        is_problem = answer.status_code < 400 or answer["Content-Type"] == "application/problem+json"
        if path.startswith("/in/") and path.count("/") >= 4 and not is_problem and answer.status_code != 404:
            fuzzer.note(operation, "stranger", "POST", path, body, answer.status_code, ["no problem+json"])
        if answer.status_code not in allowed:
            fuzzer.note(
                operation, "stranger", "POST", path, body, answer.status_code, ["not in the document"]
            )


def _formatter() -> logging.Formatter:
    from commonweal.base.logs import Formatter

    return Formatter("{asctime} {levelname} {name} {message}", style="{")


def _sides() -> Any:
    """Two networks as the adversary's tests have them, and a channel of each kind; undone at the end."""
    from contextlib import contextmanager

    from django.db import transaction

    from benchmarks.fuzzing.machines import SETUPS
    from commonweal.base import clock
    from commonweal.channels.actions import add_setup
    from tests.adversary import cast

    @contextmanager
    def sides() -> Iterator[Any]:
        with clock.frozen(cast.MONDAY), transaction.atomic():
            ours = cast.settle("ours", cast.OURS, host=cast.OUR_HOST)
            theirs = cast.settle("theirs", cast.THEIRS, host=cast.THEIR_HOST, domain=cast.THEIR_HOST)
            made = {
                adapter: add_setup(
                    network=ours.network,
                    by=ours.dispatcher,
                    adapter=adapter,
                    name=f"Fuzz {adapter}",
                    carries=[],
                    **about,
                )
                for adapter, about in SETUPS.items()
            }
            yield ours, theirs, {name: (str(setup.pk), setup.token) for name, setup in made.items()}
            transaction.set_rollback(True)

    return sides()


def _in_log(lines: list[str], ours: Any, theirs: Any) -> int:
    """How many lines of the log hold something private: how somebody is called or reached, or the token of a link."""
    from tests.adversary.cast import PRIVATE

    words = {
        PRIVATE.lower(),
        *(token.lower() for side in (ours, theirs) for token in side.tokens.values() if token),
    }
    return sum(any(word in line.lower() for word in words) for line in lines)


if __name__ == "__main__":
    main()
