"""Something a neighbour needs, and the notes of the calls about it."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.ids import shown_code
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.exchange.lifecycle import CLOSED, SEARCHING, State, Step
from commonweal.members.models import Reached
from commonweal.networks.models import Category

ON_BOARD = Q(on_board=True)
# Where a new ask stands among those that help most, until a plan has seen it: rather high.
NEW = 500
STATE_LABELS = [
    (State.NEAR.value, _("Asking near by")),
    (State.WIDE.value, _("Asking the whole network")),
    (State.DESK.value, _("With a person on shift")),
    (State.BEYOND.value, _("Looking beyond the network")),
    (State.AGREED.value, _("Somebody is coming")),
    (State.AFTER.value, _("How did it go?")),
    (State.OUT.value, _("Lent, to come back")),
    (State.PAUSED.value, _("Paused")),
    (State.DONE.value, _("Done")),
    (State.WITHDRAWN.value, _("Withdrawn")),
    (State.RESTED.value, _("Resting")),
]


class Ask(TenantModel):
    """Something a neighbour needs.

    Who asks needs no account: ``called``, ``contact`` and ``place`` are as they typed them, encrypted, and emptied at
    ``erase_at``. ``token_hash`` is of their private link, which ``token_box`` keeps readable for the messages to come;
    the asks of one repeating series share it. ``summary`` is a line that everyone may read.
    ``hands`` is how many helpers it wants, ``quantity`` how many of a thing (0: not counted, and then hands are);
    ``*_taken`` count what is promised or done and change only under the row's lock. ``starts_at``–``ends_at`` is when
    it may happen; ``occurs_at``–``occurs_until`` when this occurrence of a series was planned for.
    ``desk_at`` is by when a person on shift looks at it (empty: nobody needs to). ``version`` grows whenever the asker
    changes something, so that a stale page is noticed. ``repeat_days`` has a bit for each weekday it repeats on (Monday
    is bit 0; 0: it does not repeat), by the network's calendar. ``wish`` is whom they would rather have come.
    ``reached`` is how the two who are matched shall reach one another, if the asker said so.
    ``merged_into`` is the ask in which this one goes on, because both are the same; it is withdrawn then.
    ``helps_most`` puts the board in order for who wants to help where it helps most; `matching` counts it.
    """

    class Urgency(models.IntegerChoices):
        """How soon it must be."""

        CALM = 0, _("It can wait")
        SOON = 1, _("In the next days")
        TODAY = 2, _("Today")

    class Wish(models.TextChoices):
        """Whom the asker would rather have come; empty: it doesn't matter."""

        WOMAN = "woman", _("I would rather a woman came")
        MAN = "man", _("I would rather a man came")

    code = models.CharField(max_length=6)
    token_hash = models.CharField(max_length=64, blank=True)
    token_box = EncryptedTextField(blank=True, default="")
    by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    category = TenantFK("networks.Category", related_name="+")
    nature = models.CharField(max_length=10, choices=Category.Nature.choices)
    summary = models.CharField(max_length=80, blank=True, default="")
    words = EncryptedTextField(blank=True, default="")
    people = models.PositiveSmallIntegerField(default=1)
    hands = models.PositiveSmallIntegerField(default=1)
    hands_taken = models.PositiveSmallIntegerField(default=0)
    quantity = models.PositiveBigIntegerField(default=0)
    quantity_taken = models.PositiveBigIntegerField(default=0)
    unit = models.CharField(max_length=30, blank=True, default="")

    area = TenantFK("networks.Area", null=True, blank=True, related_name="+")
    cell_y = models.IntegerField(null=True, blank=True)
    cell_x = models.IntegerField(null=True, blank=True)
    place = EncryptedJSONField(blank=True, default=dict)
    destination = EncryptedTextField(blank=True, default="")

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    returns_at = models.DateTimeField(null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.SOON)
    repeat_days = models.PositiveSmallIntegerField(default=0)
    series = models.UUIDField(null=True, blank=True)
    occurs_at = models.DateTimeField(null=True, blank=True)
    occurs_until = models.DateTimeField(null=True, blank=True)
    preferred = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")

    languages = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    needs = models.JSONField(default=list, blank=True)
    wish = models.CharField(max_length=8, choices=Wish.choices, blank=True, default="")
    called = EncryptedTextField(blank=True, default="")
    contact_kind = models.CharField(max_length=8, blank=True, default="")
    contact = EncryptedTextField(blank=True, default="")
    contact_index = BlindIndexField(of="contact", use="contact")
    reached = models.CharField(max_length=8, choices=Reached.choices, blank=True, default="")

    state = models.CharField(max_length=10, choices=STATE_LABELS, default=State.NEAR.value)
    state_since = models.DateTimeField(default=clock.now)
    next_step = models.CharField(max_length=12, default=Step.SEARCH.value, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    desk_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ahead = models.PositiveSmallIntegerField(default=0)
    helps_most = models.PositiveSmallIntegerField(default=NEW)
    held_by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, default="web")
    source_key = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=12, blank=True, default="")
    merged_into = TenantFK("exchange.Ask", models.SET_NULL, null=True, blank=True, related_name="+")
    erase_at = models.DateTimeField(null=True, blank=True)
    # Kept by the database, for the indexes of the board: a partial index is found by a flag, not by a list of states.
    on_board = models.GeneratedField(
        expression=Case(When(state__in=sorted(SEARCHING), then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # Whole, because SQLite does not use a partial index for a value it learns only when it runs.
            models.Index(fields=["network", "source_key"], name="ask_by_source"),
            models.Index(fields=["network", "-created_at", "-id"], name="ask_board", condition=ON_BOARD),
            models.Index(
                fields=["network", "category", "-created_at", "-id"],
                name="ask_board_category",
                condition=ON_BOARD,
            ),
            models.Index(
                fields=["network", "area", "-created_at", "-id"], name="ask_board_area", condition=ON_BOARD
            ),
            models.Index(
                fields=["network", "area", "category", "-created_at", "-id"],
                name="ask_board_area_category",
                condition=ON_BOARD,
            ),
            models.Index(fields=["network", "-helps_most", "-id"], name="ask_helps", condition=ON_BOARD),
            models.Index(
                fields=["network", "category", "-helps_most", "-id"],
                name="ask_helps_category",
                condition=ON_BOARD,
            ),
            models.Index(
                fields=["network", "area", "-helps_most", "-id"], name="ask_helps_area", condition=ON_BOARD
            ),
            models.Index(
                fields=["network", "area", "category", "-helps_most", "-id"],
                name="ask_helps_area_category",
                condition=ON_BOARD,
            ),
            models.Index(fields=["network", "state", "-created_at", "-id"], name="ask_by_state"),
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(fields=["next_step_at"], name="ask_due", condition=Q(next_step_at__isnull=False)),
            models.Index(fields=["erase_at"], name="ask_erase", condition=Q(erase_at__isnull=False)),
            models.Index(fields=["network", "desk_at"], name="ask_desk", condition=Q(desk_at__isnull=False)),
            models.Index(fields=["network", "token_hash"], name="ask_by_token"),
            models.Index(fields=["network", "by"], name="ask_of_member", condition=Q(by__isnull=False)),
            models.Index(
                fields=["network", "contact_index"], name="ask_by_contact", condition=~Q(contact_index="")
            ),
            models.Index(
                fields=["network", "merged_into"], name="ask_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["network", "-agreed_at"], name="ask_agreed", condition=Q(agreed_at__isnull=False)
            ),
            models.Index(
                fields=["network", "state", "closed_at"],
                name="ask_closed",
                condition=Q(closed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "code"], name="ask_code_once"),
            models.UniqueConstraint(
                fields=["network", "source", "source_key"],
                condition=~Q(source_key=""),
                name="ask_source_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED)) | (Q(next_step_at__isnull=False) & ~Q(next_step="")),
                name="open_ask_has_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CLOSED)) | Q(closed_at__isnull=False),
                name="closed_ask_has_date",
            ),
            models.CheckConstraint(condition=Q(hands_taken__lte=F("hands")), name="ask_hands_not_overbooked"),
            models.CheckConstraint(
                condition=Q(quantity_taken__lte=F("quantity")), name="ask_quantity_not_overbooked"
            ),
            models.CheckConstraint(condition=Q(quantity=0) | Q(hands_taken=0), name="ask_counts_one_thing"),
            models.UniqueConstraint(fields=["network", "series", "occurs_at"], name="ask_occurrence_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="ask_ends_after_start"),
            models.CheckConstraint(condition=Q(people__gte=1, hands__gte=1), name="ask_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        """The code as people read it."""
        return shown_code(self.code)

    @property
    def is_open(self) -> bool:
        """Whether something still has to happen."""
        return self.state not in CLOSED

    @property
    def is_searching(self) -> bool:
        """Whether helpers are still looked for."""
        return self.state in SEARCHING

    @property
    def is_filled(self) -> bool:
        """Whether enough is promised: of the thing where it is counted, else of hands."""
        return self.places_left == 0

    @property
    def places_left(self) -> int:
        """How many more can say yes; of a counted thing, how many pieces are still wanted."""
        return self.quantity - self.quantity_taken if self.quantity else self.hands - self.hands_taken

    @property
    def taken(self) -> int:
        """How much is promised or done, in hands or in pieces."""
        return self.quantity_taken if self.quantity else self.hands_taken


class CallNote(TenantModel):
    """What a dispatcher heard or did about an ask."""

    ask = TenantFK("exchange.Ask", models.CASCADE, related_name="notes")
    member = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["network", "ask"], name="note_of_ask")]
