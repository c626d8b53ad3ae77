"""What is kept about who holds a mandate."""

from django.utils.translation import gettext_lazy as _

from commonweal.assembly.models import Mandate
from commonweal.base.personal import End, Personal, Reader, declare

declare(
    Mandate,
    Personal(
        fields=("member", "reason", "decision"),
        what=_("A mandate you hold or held, and why it was given"),
        why=_("Who may do what in the network is open to all."),
        readers=(Reader.MEMBERS,),
        end=End.RECORD,
        shown=("reason",),
    ),
    of_member=lambda member: Mandate.objects.filter(network_id=member.network_id, member=member),
)
