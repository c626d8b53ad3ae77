"""What somebody says was not right, the steps that follow, and what keeps people safe meanwhile."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Report(TenantModel):
    """Something was not right: in somebody's own words, for one reader of their choice.

    ``reporter`` is the member who says it; empty for who came by a private link, and for who has left. ``about`` is the
    member it is about, who never learns of it; empty where it is the network itself, or somebody who is no member.
    ``about_called`` is how that person was known to the one who tells. ``source`` is the match it came from, if any.
    ``reader`` is the one member who may open it; ``hand_to`` whom the reader would hand it to, if its owner agrees.
    ``token_hash`` is of the private page of its owner. ``step`` is what the reader does next, by ``step_due_at``;
    ``nagged`` how often that was called to mind. ``letters``: its owner wants to be written to when there is news.
    """

    # What was told to one person in confidence stays where it was told.
    travels = False

    class Kind(models.TextChoices):
        """What it is about, roughly."""

        UNSAFE = "unsafe", _("I felt unsafe")
        HURT = "hurt", _("I was hurt, or somebody else was")
        THINGS = "things", _("Money or things")
        CHILDREN = "children", _("Children")
        PRIVACY = "privacy", _("Something private was told or shown")
        OTHER = "other", _("Something else")

    class Wish(models.TextChoices):
        """What its owner wants to come of it."""

        NOTE = "note", _("Just read it. Do nothing else.")
        TALK = "talk", _("Please talk with me.")
        ACT = "act", _("Please do something about it.")

    class Step(models.TextChoices):
        """What is to be done next."""

        LISTEN = "listen", _("Listen to who told it")
        SAFE = "safe", _("Make it safe meanwhile")
        TALK = "talk", _("Talk with the one it is about")
        MEET = "meet", _("Meet, and agree on something")
        FOLLOW = "follow", _("Ask how it is now")
        DONE = "done", _("Closed")

    class Outcome(models.TextChoices):
        """How it ended."""

        HEARD = "heard", _("It was heard, and that was enough")
        AGREED = "agreed", _("Something was agreed, and it holds")
        APART = "apart", _("The two stay apart")
        REMOVED = "removed", _("Somebody was asked to stay away")
        UNFOUNDED = "unfounded", _("It turned out otherwise")
        WITHDRAWN = "withdrawn", _("It was taken back")

    reporter = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    about = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    about_called = EncryptedTextField(blank=True, default="")
    source = models.UUIDField(null=True, blank=True)
    reader = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    hand_to = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True, default="")
    token_box = EncryptedTextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    wish = models.CharField(max_length=8, choices=Wish.choices, default=Wish.TALK)
    in_danger = models.BooleanField(default=False)
    words = EncryptedTextField(blank=True, default="")
    reach = EncryptedTextField(blank=True, default="")
    letters = models.BooleanField(default=False)
    step = models.CharField(max_length=8, choices=Step.choices, default=Step.LISTEN)
    step_due_at = models.DateTimeField(null=True, blank=True)
    nag_at = models.DateTimeField(null=True, blank=True)
    nagged = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "reader", "step_due_at"], name="report_of_reader"),
            models.Index(fields=["network", "about"], name="report_about", condition=Q(about__isnull=False)),
            models.Index(
                fields=["network", "reporter"], name="report_by", condition=Q(reporter__isnull=False)
            ),
            # The worker looks in every network at once.
            models.Index(fields=["nag_at"], name="report_late", condition=Q(nag_at__isnull=False)),
            models.Index(fields=["erase_at"], name="report_erase", condition=Q(erase_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "token_hash"], condition=~Q(token_hash=""), name="report_token_once"
            ),
            models.CheckConstraint(
                condition=Q(about__isnull=True) | Q(reader__isnull=True) | ~Q(about=models.F("reader")),
                name="report_not_read_by_whom_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(about__isnull=True) | Q(hand_to__isnull=True) | ~Q(about=models.F("hand_to")),
                name="report_not_handed_to_whom_it_is_about",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do or to say."""
        return self.closed_at is None


class StepTaken(TenantModel):
    """A step of the path that was taken: when it was due, when it was taken, how it went."""

    travels = False

    class How(models.TextChoices):
        """How it went."""

        DONE = "done", _("Done")
        TRIED = "tried", _("Tried, in vain")
        UNWANTED = "unwanted", _("Not wanted, or not needed")

    report = TenantFK("assembly.Report", models.CASCADE, related_name="steps")
    step = models.CharField(max_length=8, choices=Report.Step.choices)
    how = models.CharField(max_length=8, choices=How.choices)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(default=clock.now)
    note = EncryptedTextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["network", "report"], name="step_of_report")]


class Said(TenantModel):
    """Words added to a report: by its owner, by its reader for the owner, or a note of the reader's own."""

    travels = False

    class By(models.TextChoices):
        """Whose words, and for whom."""

        OWNER = "owner"
        READER = "reader"
        NOTE = "note"

    report = TenantFK("assembly.Report", models.CASCADE, related_name="said")
    by = models.CharField(max_length=8, choices=By.choices)
    words = EncryptedTextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["network", "report"], name="said_of_report")]


class Measure(TenantModel):
    """What keeps people safe for a time. It ends by itself at ``ends_at``, or is lifted before.

    ``member`` is whom it falls on; ``other`` from whom they are kept apart. ``reason`` is for those who decide,
    ``words`` are what the member is told, and name nobody. ``by`` wants it, ``second`` agreed (a removal takes two);
    until then ``starts_at`` is empty. ``review_at`` is when it is looked at again. ``token_hash`` is of the page of an
    appeal. ``made_block``: the two were not kept apart before.
    """

    travels = False

    class Kind(models.TextChoices):
        """What it does."""

        APART = "apart", _("The two are not brought together")
        HOMES = "homes", _("Is not asked to help at homes")
        HELD = "held", _("Is not asked to help")
        SUSPENDED = "suspended", _("Suspended")
        REMOVED = "removed", _("Removed")

    report = TenantFK("assembly.Report", models.SET_NULL, null=True, blank=True, related_name="measures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    member = TenantFK("members.Member", models.CASCADE, related_name="+")
    other = TenantFK("members.Member", models.CASCADE, null=True, blank=True, related_name="+")
    made_block = models.BooleanField(default=False)
    reason = EncryptedTextField(blank=True, default="")
    words = EncryptedTextField(blank=True, default="")
    by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    second = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField(default=clock.now)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    review_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    token_box = EncryptedTextField(blank=True, default="")
    appeal = EncryptedTextField(blank=True, default="")
    appealed_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedTextField(blank=True, default="")
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "member"], name="measure_of_member"),
            models.Index(fields=["network", "report"], name="measure_of_report"),
            models.Index(fields=["ends_at"], name="measure_ends", condition=Q(over_at__isnull=True)),
            models.Index(fields=["erase_at"], name="measure_erase", condition=Q(erase_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "member", "kind"],
                condition=Q(over_at__isnull=True, kind__in=["suspended", "removed"]),
                name="measure_out_once",
            ),
            models.UniqueConstraint(
                fields=["network", "token_hash"], condition=~Q(token_hash=""), name="measure_token_once"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(second__isnull=True) | ~Q(by=models.F("second")),
                name="measure_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(kind="removed") | Q(starts_at__isnull=True) | Q(second__isnull=False),
                name="removal_takes_a_second",
            ),
        ]

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        return self.starts_at is not None and self.over_at is None

    @property
    def waits_for_second(self) -> bool:
        """Whether a removal was proposed and nobody has answered."""
        return self.starts_at is None and self.over_at is None
