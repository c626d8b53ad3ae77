"""One account at Twilio or at somebody compatible: where it is, and how it is called."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from commonweal.channels.calling import MOST_BYTES, Answer, Line, call
from commonweal.channels.models import ChannelSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``number`` is ours, or the id of a messaging service (``MG…``) that chooses one."""

    base: str
    sid: str
    token: str
    number: str

    @classmethod
    def of(cls, setup: ChannelSetup) -> "Account":
        """The account of a setup."""
        options, secret = setup.options, setup.credentials
        return cls(
            base=options.get("base", ""),
            sid=options.get("account", ""),
            token=secret.get("auth_token", ""),
            number=options.get("number", ""),
        )

    def call(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        most: int = MOST_BYTES,
        line: Line | None = None,
    ) -> Answer:
        """Call ``path`` of this account, over ``line`` if it is open; raises ChannelDown."""
        url = f"{self.base.rstrip('/')}/2010-04-01/Accounts/{quote(self.sid, safe='')}{path}"
        pair = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Accept": "application/json"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return call(
            method,
            f"{url}?{urlencode(query)}" if query else url,
            headers=headers,
            body=urlencode(form).encode() if form is not None else None,
            most=most,
            line=line,
        )
