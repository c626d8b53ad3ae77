"""Something a member can do or give."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.exchange.models.asks import ON_BOARD


class Offer(TenantModel):
    """Something a member can do or give.

    ``slots`` is a bitmask of the 42 parts of a week (bit = weekday × 6 + part; Monday is 0, the parts begin at 6, 9,
    12, 15, 18 and 21 o'clock); ``radius_m`` how far they go; ``quantity_left`` how many of a thing remain
    (``quantity`` 0: not counted). ``carries`` is the load they take on, ``vehicle`` what they drive.
    """

    class State(models.TextChoices):
        """Whether the offer stands."""

        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        USED_UP = "used_up", _("Used up")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Vehicle(models.TextChoices):
        """What the member travels by."""

        FOOT = "foot", _("On foot")
        BICYCLE = "bicycle", _("Bicycle")
        CARGO = "cargo", _("Cargo bike")
        CAR = "car", _("Car")
        VAN = "van", _("Van")

    class Load(models.IntegerChoices):
        """What the member can carry."""

        NOTHING = 0, _("Nothing heavy")
        BAGS = 1, _("Shopping bags")
        BOXES = 2, _("Boxes, up stairs too")
        FURNITURE = 3, _("Furniture, with others")

    member = TenantFK("members.Member", models.CASCADE, related_name="offers")
    summary = models.CharField(max_length=80, blank=True, default="")
    words = EncryptedTextField(blank=True, default="")
    area = TenantFK("networks.Area", null=True, blank=True, related_name="+")
    cell_y = models.IntegerField(null=True, blank=True)
    cell_x = models.IntegerField(null=True, blank=True)
    radius_m = models.PositiveIntegerField(default=2000)
    slots = models.BigIntegerField(default=(1 << 42) - 1)
    vehicle = models.CharField(max_length=8, choices=Vehicle.choices, default=Vehicle.FOOT)
    carries = models.PositiveSmallIntegerField(choices=Load.choices, default=Load.BAGS)
    able = models.JSONField(default=list, blank=True)
    quantity = models.PositiveBigIntegerField(default=0)
    quantity_left = models.PositiveBigIntegerField(default=0)
    unit = models.CharField(max_length=30, blank=True, default="")
    is_public = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    confirmed_at = models.DateTimeField(default=clock.now)
    check_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, default="web")
    source_key = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    on_board = models.GeneratedField(
        expression=Case(When(state="open", is_public=True, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # Whole, because SQLite does not use a partial index for a value it learns only when it runs.
            models.Index(fields=["network", "source_key"], name="offer_by_source"),
            models.Index(fields=["network", "-created_at", "-id"], name="offer_board", condition=ON_BOARD),
            models.Index(
                fields=["network", "area", "-created_at", "-id"], name="offer_board_area", condition=ON_BOARD
            ),
            models.Index(fields=["network", "member"], name="offer_of_member"),
            models.Index(fields=["check_at"], name="offer_check"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source", "source_key"],
                condition=~Q(source_key=""),
                name="offer_source_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity_left__lte=F("quantity")), name="offer_quantity_not_overdrawn"
            ),
            models.CheckConstraint(condition=Q(slots__gte=0, slots__lt=1 << 42), name="offer_slots_in_week"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OfferCategory(TenantModel):
    """One category of an offer, with what the search by place and the board by category need beside it.

    ``is_open`` and ``on_board`` follow the offer: whether it can be found, and whether everyone may see it.
    """

    offer = TenantFK("exchange.Offer", models.CASCADE, related_name="categories")
    category = TenantFK("networks.Category", models.CASCADE, related_name="+")
    cell_y = models.IntegerField(null=True, blank=True)
    cell_x = models.IntegerField(null=True, blank=True)
    area = TenantFK("networks.Area", null=True, blank=True, related_name="+")
    is_open = models.BooleanField(default=True)
    on_board = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["network", "category", "cell_y", "cell_x"],
                name="offer_near",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["network", "category", "-created_at", "-offer"],
                name="offer_board_category",
                condition=ON_BOARD,
            ),
            models.Index(
                fields=["network", "area", "category", "-created_at", "-offer"],
                name="offer_board_area_category",
                condition=ON_BOARD,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "offer", "category"], name="offer_category_once")
        ]
