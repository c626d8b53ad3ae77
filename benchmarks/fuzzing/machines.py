"""The doors of other programs, as doors.openapi.yaml describes them, with what Schemathesis makes of that."""

import base64
import copy
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

DOCUMENT = Path(__file__).parents[2] / "docs/reference/doors.openapi.yaml"


@schemathesis.serializer("message/rfc822")
def letter(_context: Any, value: Any) -> bytes:
    """A letter is sent as it is."""
    return str(value).encode("utf-8", "surrogatepass")


KEY = "a key of more than twenty-four letters"
SETUPS: dict[str, dict[str, Any]] = {
    "webhook": {"options": {"base": "https://127.0.0.1"}, "credentials": {"secret": KEY}},
    "sms_android": {"options": {}, "credentials": {"password": "word", "signing_key": KEY}},
    "sms_twilio": {
        "options": {"base": "https://127.0.0.1", "account": "AC1", "number": "+14105550100"},
        "credentials": {"auth_token": KEY},
    },
    "email": {"options": {"address": "help@example.org"}, "credentials": {"secret": KEY}},
}
#: Which channel an operation is a door of, and by which of the ways it is signed.
DOORS = {
    "webhook": ("webhook", "stamped"), "phone": ("sms_android", "phone"), "twilio": ("sms_twilio", "twilio"),
    "mailRaw": ("email", "stamped"), "mailForm": ("email", "form"),
}  # fmt: skip
Sent = tuple[str, bytes, dict[str, str]]


def door_of(operation: str) -> tuple[str, str]:
    """The channel and the way of signing of an operation, by its id."""
    return next(door for start, door in DOORS.items() if operation.startswith(start))


def described(places: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """The document, with the channels that are there: ``places`` holds the id and the token of each."""
    document: dict[str, Any] = copy.deepcopy(schemathesis.openapi.from_path(DOCUMENT).raw_schema)
    shared = document["components"]["parameters"]
    for path, item in document["paths"].items():
        operation = dict(item["post"])
        setup, token = places[door_of(operation["operationId"])[0]]
        others = [one for one in operation["parameters"] if "$ref" not in one]
        known = [
            {**shared[name], "schema": {"type": "string", "enum": [value]}}
            for name, value in (("setup", setup), ("token", token))
        ]
        document["paths"][path] = {"post": {**operation, "parameters": [*known, *others], "security": []}}
    return document


def likely(schema: Any) -> Any:
    """A part of the document in which every text that has examples is there and is one of them.

    Nobody makes up a number or a letter by chance, and what is behind the first look at them is to be reached as well.
    """
    if isinstance(schema, list):
        return [likely(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "examples" in schema:
        return {"type": "string", "enum": schema["examples"]}
    made = {name: likely(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict):
        shown = [name for name, part in schema["properties"].items() if "examples" in part]
        made["required"] = sorted({*schema.get("required", []), *shown})
    return made


def cases(document: dict[str, Any], number: int, start: int) -> Iterator[tuple[str, set[int], Any]]:
    """So many cases, with the statuses the document allows for.

    A third is as it says, a third is not, and a third is as it says with its examples in place.
    """
    positive, negative = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
    ways = ((document, positive), (document, negative), (likely(document), positive))
    each = -(-number // (len(document["paths"]) * len(ways)))
    for described_so, mode in ways:
        made: Any = schemathesis.openapi.from_dict(described_so).get_all_operations()
        for operation in (one.ok() for one in made):
            allowed = {int(status) for status in operation.definition.raw["responses"]}
            for case in _made(operation.as_strategy(generation_mode=mode), each, start):
                yield operation.definition.raw["operationId"], allowed, case


def _made(strategy: Any, number: int, start: int) -> list[Any]:
    found: list[Any] = []
    collect: Callable[[Any], None] = found.append

    @seed(start)
    @settings(
        max_examples=number, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def gather(case: Any) -> None:
        collect(case)

    gather()
    return found


def sent(operation: str, case: Any, now: int, dice: random.Random) -> Sent:
    """The address, the body and the headers of a case, signed as its door wants it; one in ten by a wrong key."""
    asked = case.as_transport_kwargs(base_url="http://testserver")
    path = urlsplit(asked["url"])._replace(scheme="", netloc="").geturl()
    key = KEY if dice.random() < 0.9 else "another key of more than twenty-four letters"
    way = door_of(operation)[1]
    if way == "form":
        return path, *_form(asked, key, now)
    body = _body(asked)
    return path, body, {"Content-Type": _type(asked), **_signed(way, path, body, key, now)}


def _type(asked: dict[str, Any]) -> str:
    return str(asked["headers"].get("Content-Type", "application/json"))


def _body(asked: dict[str, Any]) -> bytes:
    if "json" in asked:
        return json.dumps(asked["json"]).encode("utf-8", "surrogatepass")
    data = asked.get("data", b"")
    if isinstance(data, dict):
        return urlencode(data, doseq=True, errors="surrogatepass").encode()
    return data if isinstance(data, bytes) else str(data).encode("utf-8", "surrogatepass")


def _signed(way: str, path: str, body: bytes, key: str, now: int) -> dict[str, str]:
    if way == "twilio":
        from urllib.parse import parse_qsl

        from commonweal.channels.sms_twilio.signature import sign

        fields = parse_qsl(body.decode("utf-8", "surrogateescape"), keep_blank_values=True)
        return {"X-Twilio-Signature": sign(key, f"http://testserver{path}", fields)}
    stamp = str(now).encode()
    parts = body + stamp if way == "phone" else stamp + b"." + body
    signature = hmac.new(key.encode(), parts, hashlib.sha256).hexdigest()
    if way == "phone":
        return {"X-Timestamp": str(now), "X-Signature": signature}
    return {"X-Commonweal-Timestamp": str(now), "X-Commonweal-Signature": signature}


def _form(asked: dict[str, Any], key: str, now: int) -> tuple[bytes, dict[str, str]]:
    """The form of a mail provider, whatever else it holds, with a time, a token and their signature."""
    said: dict[str, Any] = {}
    data = asked.get("data") or {}
    if not isinstance(data, dict):
        data = {"body-mime": data}
    for name, value in [*(asked.get("files") or []), *data.items()]:
        said[str(name)] = value[1] if isinstance(value, tuple) else value
    token = base64.urlsafe_b64encode(hashlib.sha256(repr(sorted(said)).encode()).digest()).decode()
    signature = hmac.new(key.encode(), f"{now}{token}".encode(), hashlib.sha256).hexdigest()
    said |= {"timestamp": str(now), "token": token, "signature": signature}
    parts = [
        f'--fuzz\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        for name, value in said.items()
    ]
    body = "".join([*parts, "--fuzz--\r\n"]).encode("utf-8", "surrogatepass")
    return body, {"Content-Type": "multipart/form-data; boundary=fuzz"}


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
