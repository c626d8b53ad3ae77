"""What matching keeps about people."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare, of_their
from commonweal.matching.models import (
    AcceptanceModel,
    Plan,
    PlanChange,
    PolicyProposal,
    PolicyTrial,
    RingPlace,
)

declare(
    RingPlace,
    Personal(
        fields=("member", "token_hash", "token_box", "reasons"),
        what=_("Your place in an exchange ring, and its private link"),
        why=_("So that each can do what the next one needs."),
        readers=(Reader.MATCHED,),
        end=End.SETTLED,
    ),
    of_member=of_their(RingPlace, "member"),
)
declare(
    Plan,
    Personal(
        fields=("inputs", "outcome", "ids"),
        what=_("A plan of who could best help whom, in numbers"),
        why=_("So that as many asks as possible are met."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
declare(
    PlanChange,
    Personal(
        fields=("inputs", "outcome", "ids"),
        what=_("How that plan was mended"),
        why=_("So that as many asks as possible are met."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
declare(
    AcceptanceModel,
    Personal(
        fields=("weights",),
        what=_("How likely a yes is, by circumstances and for nobody by name"),
        why=_("So that nobody is asked in vain."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
declare(
    PolicyTrial,
    Personal(
        fields=("by",),
        what=_("A change of the rules that you tried out on the past"),
        why=_("So that you see what it would have done."),
        readers=(Reader.MEMBERS,),
        end=End.REPLACED,
    ),
    of_member=of_their(PolicyTrial, "by"),
)
declare(
    PolicyProposal,
    Personal(
        fields=("by", "closed_by", "reason"),
        what=_("A change of the rules that you proposed, with your reason"),
        why=_("The rules and where they come from are open to all."),
        readers=(Reader.MEMBERS,),
        end=End.RECORD,
        shown=("reason",),
    ),
    of_member=of_their(PolicyProposal, "by"),
)
