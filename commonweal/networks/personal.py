"""What is kept about who changed a network's rules."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare
from commonweal.networks.models import PolicyVersion

declare(
    PolicyVersion,
    Personal(
        fields=("made_by", "reason"),
        what=_("Changes of the rules that you made, with your reason"),
        why=_("The rules and where they come from are open to all."),
        readers=(Reader.EVERYBODY,),
        end=End.RECORD,
        shown=("reason",),
    ),
    of_member=lambda member: PolicyVersion.objects.filter(network_id=member.network_id, made_by=member.pk),
)
