"""What can be refused about networks."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused, Stale


class NoSuchSetting(Refused):
    """The policy has no setting of this name, or the value is out of its limits."""

    words = _("This setting can't have this value.")


class Unexplained(Refused):
    """A change of the policy without a reason, or with an essay."""

    words = _("A change has a reason, of at most 300 letters.")


class NothingChanged(Refused):
    """A change of the policy that changes nothing."""

    words = _("Nothing is different from what is in force.")


class PolicyChangedMeanwhile(Stale):
    """The policy was changed after the page was opened."""

    words = _("Somebody changed the rules in the meantime. Below are those in force now; please look again.")


class SlugTaken(Refused):
    """Another network has this short name or this domain."""

    words = _("Another network has this short name or this domain already.")


class NotUnderstood(Refused):
    """Something said about a new network makes no sense; the words say what."""


class AreaTaken(Refused):
    """The network has an area of this short name."""

    words = _("The network has one of these areas already.")


class NetworkUnclear(Refused):
    """Which network is meant was not said, and there is not exactly one."""

    def __init__(self, known: str) -> None:
        super().__init__(
            _("Say which network with --network. There are: %(known)s.") % {"known": known or "none"}
        )
