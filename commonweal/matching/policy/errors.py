"""What can be refused about trials and proposals."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotAllowed, NotFound, Refused


class TrialNotFound(NotFound):
    """There is no such trial in this network, or it has been removed."""

    words = _("This trial is not here any more: trials are kept for a week. Try the change again.")


class ProposalNotFound(NotFound):
    """There is no such proposal in this network."""


class ProposalClosed(Refused):
    """The proposal was adopted or withdrawn already."""

    status = 409
    words = _("This proposal was adopted or withdrawn already. Nothing was changed.")


class NotYours(NotAllowed):
    """Only who made a proposal, or a steward, withdraws it."""

    words = _("A proposal is withdrawn by who made it, or by a steward.")


class NotYourTrial(NotAllowed):
    """Only who began a trial, or a steward, stops it."""

    words = _("A trial is stopped by who began it, or by a steward.")


class ChangeNotFound(NotFound):
    """The policy has no change of this number."""
