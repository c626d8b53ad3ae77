"""Rows that belong to one network, and foreign keys that never leave it.

Every join between two rows of a network also equates the network's id, and every update filters on it. That costs
nothing on one machine and lets a cluster keep a network's rows together on one node (docs/explanation/growing.md).
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode

from commonweal.base.ids import new_id


class TenantFK(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key between two rows of one network; every join through it equates their networks.

    It makes no index of its own: an index on a network's rows begins with the network's id and is declared there.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations keep the absence of an index explicit."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "db_index": self.db_index}

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode:
        """The extra condition of the join: both sides in the same network."""
        theirs = self.related_model._meta.get_field("network").get_col(related_alias)
        ours = self.model._meta.get_field("network").get_col(alias)
        return WhereNode([Exact(theirs, ours)], connector=AND)

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        """Following the key from a loaded row asks for the row of the same network only."""
        return {"network_id": getattr(instance, "network_id")}  # noqa: B009 - the base class knows no network


class TenantModel(models.Model):
    """A row of one network, with a time-ordered id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(settings.TENANT_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def _do_update(
        self,
        base_qs: Any,
        using: str | None,
        pk_val: Any,
        values: Iterable[tuple[models.Field[Any, Any], Any, Any]],
        update_fields: Any,
        forced_update: bool,
    ) -> bool:
        """Update within the network, and never move a row to another one."""
        kept = [entry for entry in values if entry[0].name != "network"]
        scoped = base_qs.filter(network_id=self.network_id)
        return super()._do_update(scoped, using, pk_val, kept, update_fields, forced_update)  # type: ignore[misc,no-any-return]
