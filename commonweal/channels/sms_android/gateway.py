"""One phone with the open SMS gateway: where it is, and how it is called."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commonweal.channels.calling import Answer, call
from commonweal.channels.models import ChannelSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """``sim`` is 1 to 3, or 0 for the one that the phone chooses; ``device`` is empty where there is one phone only."""

    base: str
    login: str
    password: str
    device: str
    sim: int

    @classmethod
    def of(cls, setup: ChannelSetup) -> "Gateway":
        """The gateway of a setup."""
        options, secret = setup.options, setup.credentials
        return cls(
            base=options.get("base", ""),
            login=options.get("login", ""),
            password=secret.get("password", ""),
            device=options.get("device", ""),
            sim=int(options.get("sim") or 0),
        )

    def call(self, method: str, path: str, said: Mapping[str, Any] | None = None) -> Answer:
        """Call ``path`` of the gateway; raises ChannelDown."""
        pair = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Accept": "application/json"}
        if said is not None:
            headers["Content-Type"] = "application/json"
        body = json.dumps(said).encode() if said is not None else None
        return call(method, self.base.rstrip("/") + path, headers=headers, body=body)
