"""Network, area, category, and the policy with its history."""

import zoneinfo
from dataclasses import replace

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.ids import new_id
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.networks.policy import Policy


class Network(models.Model):
    """A group of neighbours: the tenant. ``policy`` holds the settings in force; PolicyVersion holds how they came.

    ``threat_since``: worse times have begun, and as little as can be is kept (docs/how-to/threat-mode.md).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    domain = models.CharField(max_length=120, blank=True, default="")
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=120, blank=True, default="")
    time_zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, default="US")
    languages = models.JSONField(default=list)
    currency = models.CharField(max_length=3, default="USD")
    phone = models.CharField(max_length=32, blank=True, default="")
    paper = models.CharField(max_length=160, blank=True, default="")
    emergency = models.CharField(max_length=160, blank=True, default="")
    care_outside = models.CharField(max_length=160, blank=True, default="")
    map_name = models.SlugField(max_length=40, blank=True, default="")
    policy_number = models.PositiveIntegerField(default=0)
    policy_values = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    threat_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        # Rooms below name the tenant by this setting, in their models and in their migrations alike.
        swappable = "TENANT_MODEL"
        indexes = [models.Index(fields=["domain", "created_at"], name="network_by_domain")]
        constraints = [
            models.UniqueConstraint(
                Lower("domain"), name="network_domain_once", condition=~models.Q(domain="")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def policy(self) -> Policy:
        """The settings in force, with the defaults for what the network never changed."""
        policy = Policy.read(self.policy_values)
        # In worse times nothing is kept once it has served its purpose.
        return replace(policy, erase_days=0) if self.threat_since else policy

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone in which times are shown."""
        return zoneinfo.ZoneInfo(self.time_zone)


class Area(TenantModel):
    """A neighbourhood of the network, with the coarse cell of its middle. ``outline`` is a list of [lat, lon] rings."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    cell_y = models.IntegerField()
    cell_x = models.IntegerField()
    outline = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="area_slug_once")]

    def __str__(self) -> str:
        return self.name


class Category(TenantModel):
    """A kind of thing neighbours ask for or offer. The members name and order them; ``nature`` says how one is met.

    ``pairs``: at least two helpers go together, or nobody does. ``vouched``: how well a helper has to be vouched for.
    """

    class Nature(models.TextChoices):
        """How an ask of this category is met."""

        TASK = "task", _("Something done")
        GIFT = "gift", _("A thing to keep")
        LOAN = "loan", _("A thing that comes back")
        RIDE = "ride", _("A ride")
        COMPANY = "company", _("Company")
        LISTENING = "listening", _("A listening ear")

    class Vouched(models.IntegerChoices):
        """How well somebody is vouched for; each takes in those before. As `algorithms.trust.reach.Level`."""

        NOT = 0, _("anybody")
        KNOWN = 1, _("known to somebody who is vouched for")
        VOUCHED = 2, _("vouched for by members who are themselves vouched for")
        TRUSTED = 3, _("vouched for by many ways, close to those the network knows best")

    slug = models.SlugField(max_length=40)
    names = models.JSONField(default=dict)
    hints = models.JSONField(default=dict, blank=True)
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.TASK)
    icon = models.SlugField(max_length=24, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    pairs = models.BooleanField(default=False)
    vouched = models.PositiveSmallIntegerField(choices=Vouched.choices, default=Vouched.NOT)
    parent = TenantFK("networks.Category", null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "slug"]
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="category_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in English, else any."""
        return _in_language(self.names, fallback=self.slug)

    @property
    def hint(self) -> str:
        """A few words that say what belongs here, in the reader's language."""
        return _in_language(self.hints, fallback="")


def _in_language(texts: dict[str, str], *, fallback: str) -> str:
    language = (get_language() or "en").split("-")[0]
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), fallback)


class PolicyVersion(TenantModel):
    """One set of settings as it was put in force: by whom, why, and (later) by which decision."""

    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    made_by = models.UUIDField(null=True, blank=True)
    decision = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["network", "number"], name="policy_number_once")]
