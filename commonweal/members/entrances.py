"""The rows by which somebody gets in: the browsers in which they are signed in, and their passkeys."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.members.devices import in_words

#: How long a proof of who one is counts for what hurts, and how long for finishing what was begun with it.
FRESH, TO_FINISH = timedelta(minutes=15), timedelta(minutes=30)


class SignIn(TenantModel):
    """A browser in which a member is signed in; a session counts only as long as its row stands and is of the epoch.

    ``browser`` and ``system`` are coarse words for the member's own list. ``used_at`` is the beginning of a day, and is
    written once a day: nobody needs to know more, and a page that is looked at writes nothing. ``proved_at`` is when
    its member last typed a code or showed a passkey there. Both have an end; a sooner one where ``is_short``, because
    its member holds a mandate: then ``used_at`` is the beginning of an hour. There is no address here.
    """

    travels = False

    member = TenantFK("members.Member", models.CASCADE, related_name="sign_ins")
    epoch = models.PositiveIntegerField()
    browser = models.CharField(max_length=20, blank=True, default="")
    system = models.CharField(max_length=20, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField()
    proved_at = models.DateTimeField(default=clock.now)
    is_short = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["network", "member"], name="sign_in_of_member"),
            models.Index(fields=["proved_at"], name="sign_in_ends"),
        ]

    @property
    def device(self) -> str:
        """What it is, in words: "Firefox on Android"."""
        return in_words(self.browser, self.system)


def still_on(at: datetime) -> models.Q:
    """Which sign-ins are not over by ``at``: used lately, and proved not too long ago."""
    days, hours = timedelta(days=1), timedelta(hours=1)
    usual = models.Q(
        is_short=False,
        used_at__gt=at - settings.COMMONWEAL_IDLE_DAYS * days,
        proved_at__gt=at - settings.COMMONWEAL_SIGN_IN_DAYS * days,
    )
    short = models.Q(
        is_short=True,
        used_at__gt=at - settings.COMMONWEAL_MANDATE_IDLE_HOURS * hours,
        proved_at__gt=at - settings.COMMONWEAL_MANDATE_SIGN_IN_DAYS * days,
    )
    return usual | short


def noted(at: datetime, *, is_short: bool) -> datetime:
    """What is noted of a use: the day, or for a short sign-in the hour, in which it was."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour if is_short else hour.replace(hour=0)


class Passkey(TenantModel):
    """A key that a member's device holds, and by which they come in without a code.

    ``credential`` is the name that the device gave it, ``handle`` the random one by which the device knows its member:
    the same for all of a member's keys, and found nowhere else. ``public_key`` is in COSE form; these three are in
    URL-safe base64. ``sign_count`` grows with each use where the device counts at all; once it did not, the key may
    have been copied, and since ``copied_at`` it lets nobody in.
    """

    # It is bound to the host name it was made for, and fits nowhere else.
    travels = False

    member = TenantFK("members.Member", models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1364)
    handle = models.CharField(max_length=64)
    public_key = models.CharField(max_length=2000)
    sign_count = models.PositiveBigIntegerField(default=0)
    name = EncryptedTextField()
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["network", "member"], name="passkey_of_member")]
        constraints = [
            models.UniqueConstraint(fields=["network", "credential"], name="passkey_credential_once")
        ]
