"""What is kept about who was on shift."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare, of_their
from commonweal.gatherings.models import Shift

declare(
    Shift,
    Personal(
        fields=("member",),
        what=_("The shifts you took"),
        why=_("So that everybody knows who looks after the desk."),
        readers=(Reader.MEMBERS,),
        end=End.RECORD,
    ),
    of_member=of_their(Shift, "member"),
)
