"""What channels keep about people."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare
from commonweal.channels.models import ChannelSetup, PushKey, Recording, SimulatedText

declare(
    ChannelSetup,
    Personal(
        fields=("credentials", "token", "options", "trial"),
        what=_("The keys and numbers of the network’s own phones and providers"),
        why=_("To send and receive messages."),
        readers=(Reader.STEWARD,),
        end=End.REPLACED,
    ),
)
declare(
    Recording,
    Personal(
        fields=("sid",),
        what=_("That a voice message still lies with the phone company, to be fetched and removed there"),
        why=_("So that it does not stay there."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
declare(
    SimulatedText,
    Personal(
        fields=("number", "number_index", "text", "key"),
        what=_("What stands on the screen of a made-up phone"),
        why=_("To try the network without sending anything; such numbers belong to nobody."),
        readers=(Reader.EVERYBODY,),
        end=End.HOURS,
    ),
)
declare(
    PushKey,
    Personal(
        fields=("private",),
        what=_("The key by which the makers of browsers know this place; it is nobody’s"),
        why=_("To show notices on devices."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
