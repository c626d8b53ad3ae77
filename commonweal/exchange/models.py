"""Asks, offers, matches (invitations, commitments), handovers, and the notes of a call."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.ids import shown_code
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.exchange.lifecycle import CLOSED, SEARCHING, State, Step
from commonweal.networks.models import Category

ON_BOARD = Q(on_board=True)
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
    changes something, so that a stale page is noticed.
    """

    class Urgency(models.IntegerChoices):
        """How soon it must be."""

        CALM = 0, _("It can wait")
        SOON = 1, _("In the next days")
        TODAY = 2, _("Today")

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
    called = EncryptedTextField(blank=True, default="")
    contact_kind = models.CharField(max_length=8, blank=True, default="")
    contact = EncryptedTextField(blank=True, default="")
    contact_index = BlindIndexField(of="contact", use="contact")

    state = models.CharField(max_length=10, choices=STATE_LABELS, default=State.NEAR.value)
    state_since = models.DateTimeField(default=clock.now)
    next_step = models.CharField(max_length=12, default=Step.SEARCH.value, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    desk_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ahead = models.PositiveSmallIntegerField(default=0)
    held_by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, default="web")
    source_key = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=12, blank=True, default="")
    erase_at = models.DateTimeField(null=True, blank=True)
    # Kept by the database, for the indexes of the board: a partial index is found by a flag, not by a list of states.
    on_board = models.GeneratedField(
        expression=Case(When(state__in=sorted(SEARCHING), then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["network", "-created_at", "-id"], name="ask_board", condition=ON_BOARD),
            models.Index(
                fields=["network", "category", "-created_at", "-id"], name="ask_board_category", condition=ON_BOARD
            ),
            models.Index(fields=["network", "area", "-created_at", "-id"], name="ask_board_area", condition=ON_BOARD),
            models.Index(
                fields=["network", "area", "category", "-created_at", "-id"],
                name="ask_board_area_category",
                condition=ON_BOARD,
            ),
            models.Index(fields=["network", "state", "-created_at", "-id"], name="ask_by_state"),
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(fields=["next_step_at"], name="ask_due", condition=Q(next_step_at__isnull=False)),
            models.Index(fields=["erase_at"], name="ask_erase", condition=Q(erase_at__isnull=False)),
            models.Index(fields=["network", "desk_at"], name="ask_desk", condition=Q(desk_at__isnull=False)),
            models.Index(fields=["network", "token_hash"], name="ask_by_token"),
            models.Index(fields=["network", "by"], name="ask_of_member", condition=Q(by__isnull=False)),
            models.Index(fields=["network", "contact_index"], name="ask_by_contact", condition=~Q(contact_index="")),
            models.Index(fields=["network", "-agreed_at"], name="ask_agreed", condition=Q(agreed_at__isnull=False)),
            models.Index(
                fields=["network", "state", "closed_at"], name="ask_closed", condition=Q(closed_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "code"], name="ask_code_once"),
            models.UniqueConstraint(
                fields=["network", "source", "source_key"], condition=~Q(source_key=""), name="ask_source_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED)) | (Q(next_step_at__isnull=False) & ~Q(next_step="")),
                name="open_ask_has_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CLOSED)) | Q(closed_at__isnull=False), name="closed_ask_has_date"
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
            models.Index(fields=["network", "-created_at", "-id"], name="offer_board", condition=ON_BOARD),
            models.Index(fields=["network", "area", "-created_at", "-id"], name="offer_board_area", condition=ON_BOARD),
            models.Index(fields=["network", "member"], name="offer_of_member"),
            models.Index(fields=["check_at"], name="offer_check"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source", "source_key"], condition=~Q(source_key=""), name="offer_source_once"
            ),
            models.CheckConstraint(condition=Q(quantity_left__lte=F("quantity")), name="offer_quantity_not_overdrawn"),
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
                fields=["network", "category", "cell_y", "cell_x"], name="offer_near", condition=Q(is_open=True)
            ),
            models.Index(
                fields=["network", "category", "-created_at", "-offer"], name="offer_board_category", condition=ON_BOARD
            ),
            models.Index(
                fields=["network", "area", "category", "-created_at", "-offer"],
                name="offer_board_area_category",
                condition=ON_BOARD,
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["network", "offer", "category"], name="offer_category_once")]


class Match(TenantModel):
    """A pairing of an ask with a member: proposed, then an invitation, then a commitment.

    ``reasons`` is a list of ``{"code": …, …}`` without personal content, put into words when it is shown.
    ``token_hash`` is of the helper's link, which ``token_box`` keeps readable for the messages to come. ``quantity`` is what is promised of a counted thing.
    ``meets_at``–``meets_until`` is the time they agree on: suggested as the first part of the week that suits both.
    """

    class State(models.TextChoices):
        """How far the pairing is."""

        PROPOSED = "proposed", _("Suggested to the desk")
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Agreed")
        LENT = "lent", _("Lent")
        DONE = "done", _("Done")
        PARTLY = "partly", _("Partly done")
        MISSED = "missed", _("Didn't happen")
        DECLINED = "declined", _("Said no")
        LAPSED = "lapsed", _("No answer")
        TAKEN_BACK = "taken_back", _("Taken back")
        DROPPED = "dropped", _("Dropped out")

    class Origin(models.TextChoices):
        """Who brought the two together."""

        PROGRAM = "program", _("The program")
        DISPATCHER = "dispatcher", _("A dispatcher")
        BOARD = "board", _("Picked from the board")

    ask = TenantFK("exchange.Ask", models.CASCADE, related_name="matches")
    member = TenantFK("members.Member", models.CASCADE, related_name="matches")
    offer = TenantFK("exchange.Offer", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PROGRAM)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    token_box = EncryptedTextField(blank=True, default="")
    reasons = models.JSONField(default=list, blank=True)
    score = models.IntegerField(default=0)
    quantity = models.PositiveBigIntegerField(default=0)
    policy_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    meets_at = models.DateTimeField(null=True, blank=True)
    meets_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "ask"], name="match_of_ask"),
            models.Index(fields=["network", "member", "state"], name="match_of_member"),
            models.Index(fields=["network", "offer"], name="match_of_offer", condition=Q(offer__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "ask", "member"],
                condition=Q(state__in=["proposed", "invited", "accepted", "lent"]),
                name="match_live_once",
            ),
            models.UniqueConstraint(
                fields=["network", "token_hash"], condition=~Q(token_hash=""), name="match_token_once"
            ),
        ]


LIVE = (Match.State.PROPOSED, Match.State.INVITED, Match.State.ACCEPTED, Match.State.LENT)
COMMITTED = (Match.State.ACCEPTED, Match.State.LENT)  # the two see how to reach one another
HELPED = (*COMMITTED, Match.State.DONE, Match.State.PARTLY)  # what counts in a helper's week


class Handover(TenantModel):
    """What one side said about how a commitment went."""

    class Outcome(models.TextChoices):
        """How it went."""

        DONE = "done", _("It's done")
        PARTLY = "partly", _("Partly")
        MISSED = "missed", _("It didn't happen")
        RESCHEDULED = "rescheduled", _("Another time")
        RETURNED = "returned", _("It came back")

    match = TenantFK("exchange.Match", models.CASCADE, related_name="handovers")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    said_by = models.CharField(max_length=12)
    member = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.PositiveBigIntegerField(default=0)
    note = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["network", "match"], name="handover_of_match")]


class CallNote(TenantModel):
    """What a dispatcher heard or did about an ask."""

    ask = TenantFK("exchange.Ask", models.CASCADE, related_name="notes")
    member = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["network", "ask"], name="note_of_ask")]
