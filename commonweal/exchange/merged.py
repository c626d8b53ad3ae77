"""Where an ask went that was made one with another."""

from collections.abc import Sequence

from commonweal.exchange.models import Ask

# One that was merged into another may be merged on with it; nobody does so this often.
MOST_STEPS = 20


def where_it_went(ask: Ask) -> Ask:
    """The ask in which this one goes on, itself where it was not merged."""
    asks = Ask.objects.select_related("network", "category", "area", "by")
    for _step in range(MOST_STEPS):
        if ask.merged_into_id is None:
            break
        ask = asks.get(network_id=ask.network_id, pk=ask.merged_into_id)
    return ask


def merged_with(ask: Ask) -> Sequence[Ask]:
    """The asks that go on in this one, oldest first."""
    asks = Ask.objects.filter(network_id=ask.network_id, merged_into=ask)
    return list(asks.select_related("category", "area", "network").order_by("created_at", "id"))
