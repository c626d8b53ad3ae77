"""Rows that belong to one network, and foreign keys that never leave it.

Every join between two rows of a network also equates the network's id, and every update filters on it. That costs
nothing on one machine and lets a cluster keep a network's rows together on one node (docs/explanation/growing.md).
"""

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode
from django.utils.functional import cached_property

from commonweal.base.fields import BlindIndexField
from commonweal.base.ids import new_id


class _RowsOfOneNetwork(ReverseManyToOneDescriptor):  # type: ignore[type-arg]
    """The way back through a TenantFK (``member.offers``): asks for rows of the same network, by an index."""

    @cached_property
    def related_manager_cls(self) -> Any:
        """The usual manager, scoped."""
        usual: Any = super().related_manager_cls

        class Scoped(usual):
            def __init__(self, instance: Any) -> None:
                super().__init__(instance)
                self.core_filters["network_id"] = instance.network_id

            def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
                networks = {instance.network_id for instance in instances}
                scoped = querysets or [self.model._default_manager.filter(network_id__in=networks)]
                return super().get_prefetch_querysets(instances, scoped)

        return Scoped


class TenantFK(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key between two rows of one network; every join through it equates their networks.

    It makes no index of its own: an index on a network's rows begins with the network's id and is declared there.
    """

    db_index: bool
    related_accessor_class = _RowsOfOneNetwork

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations keep the absence of an index explicit."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "db_index": self.db_index}

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode | None:
        """The extra condition of the join: both sides in the same network.

        ``alias`` is the table the key points at, ``related_alias`` the one that holds it. Where Django has taken the
        first out of a subquery (``exclude`` over the way back) there is nothing to equate; the id alone decides.
        """
        if alias is None:
            return None
        theirs, ours = (
            cast("Any", model)._meta.get_field("network") for model in (self.related_model, self.model)
        )
        same: Any = Exact(theirs.get_col(alias), ours.get_col(related_alias))
        return WhereNode([same], connector=AND)

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        """Following the key from a loaded row asks for the row of the same network only."""
        return {"network_id": cast("TenantModel", instance).network_id}


class TenantModel(models.Model):
    """A row of one network, with a time-ordered id. ``travels`` says whether it leaves with the network's export."""

    travels = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(settings.TENANT_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    # The types of Django differ from one series to the next here; the tests hold the behaviour.
    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Update within the network, never move a row to another one, and keep blind indexes in step."""
        kept = [entry for entry in values if entry[0].name != "network"]
        scoped = base_qs.filter(network_id=self.network_id)
        return super()._do_update(scoped, using, pk_val, kept + self._indexes_of(kept), *rest)

    def _indexes_of(self, values: Iterable[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
        """The blind indexes whose text is saved without them, as ``update_fields=["contact"]`` would do."""
        saved = {field.name for field, _, _ in values}
        return [
            (field, None, field.pre_save(self, False))
            for field in self._meta.local_concrete_fields
            if isinstance(field, BlindIndexField) and field.of in saved and field.name not in saved
        ]
