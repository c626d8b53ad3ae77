"""All that the program can hold on a person, in words."""

from commonweal.base.lists import in_a_row
from commonweal.base.personal import declared
from commonweal.networks.policy import Policy


def things_kept(policy: Policy) -> list[dict[str, str]]:
    """Each thing with its purpose, its readers and its end under this policy; the same twice is said once."""
    found: dict[str, dict[str, str]] = {}
    for _model, thing in declared():
        found.setdefault(
            str(thing.what),
            {
                "what": str(thing.what),
                "why": str(thing.why),
                "readers": in_a_row([str(reader.label) for reader in thing.readers]),
                "until": thing.until(policy),
            },
        )
    return list(found.values())
