"""``commonweal sms segments``: how a text message is encoded and over how many parts it goes."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.messaging.segments import Segments, segments

# How a file of vectors names what is counted here.
NAMES = {
    "encoding": "encoding",
    "segments": "parts",
    "totalBits": "total_bits",
    "messageBits": "message_bits",
    "nonGsm": "foreign",
}


class Command(BaseCommand):
    """Counting text messages."""

    help = "Count the parts of text messages, by the exact rules of encoding and length."
    # It touches no row and no page.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        count = verbs.add_parser("segments", help="of one text, or against a file of vectors")
        what = count.add_mutually_exclusive_group(required=True)
        what.add_argument("text", nargs="?", help="the text; - reads it from standard input")
        what.add_argument(
            "--file",
            type=Path,
            help="JSON: a list of {message, encoding, segments, …}; ends with 1 when one of them disagrees",
        )
        count.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["file"]:
            self._check(options["file"], as_json=options["json"])
            return
        text = sys.stdin.read() if options["text"] == "-" else options["text"]
        counted = segments(text)
        if options["json"]:
            self.stdout.write(json.dumps(_as_vector(counted), ensure_ascii=False))
            return
        kept = "; not in GSM-7: " + " ".join(dict.fromkeys(counted.foreign)) if counted.foreign else ""
        self.stdout.write(f"{counted.parts} × {counted.encoding}, {counted.message_bits} bits{kept}")

    def _check(self, path: Path, *, as_json: bool) -> None:
        """Compare with every vector of a file."""
        vectors = _read(path)
        wrong = [found for vector in vectors if (found := _disagreement(vector))]
        if as_json:
            self.stdout.write(
                json.dumps(
                    {"vectors": len(vectors), "agree": len(vectors) - len(wrong), "wrong": wrong},
                    ensure_ascii=False,
                )
            )
        else:
            for one in wrong:
                self.stdout.write(f"{one['name']}: {one['differs']}")
            self.stdout.write(f"{len(vectors) - len(wrong)} of {len(vectors)} vectors agree")
        if wrong:
            raise SystemExit(1)


def _read(path: Path) -> list[dict[str, Any]]:
    """The vectors of a file; raises CommandError where it is none."""
    try:
        vectors = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None
    except ValueError:
        raise CommandError(f"{path} is not JSON.") from None
    if not isinstance(vectors, list) or not vectors:
        raise CommandError(f"{path} holds no list of vectors.")
    for place, vector in enumerate(vectors, 1):
        if not isinstance(vector, dict) or not isinstance(vector.get("message"), str):
            raise CommandError(f"{path}: vector {place} has no message.")
    return vectors


def _disagreement(vector: dict[str, Any]) -> dict[str, Any]:
    """Where our count differs from a vector's, field by field; only the fields it names are looked at."""
    ours = _as_vector(segments(vector["message"]))
    differs = {
        name: {"ours": ours[name], "theirs": vector[name]}
        for name in NAMES
        if name in vector and ours[name] != vector[name]
    }
    return {"name": vector.get("name", ""), "differs": differs} if differs else {}


def _as_vector(counted: Segments) -> dict[str, Any]:
    values = {name: getattr(counted, ours) for name, ours in NAMES.items()}
    return values | {"nonGsm": list(counted.foreign)}
