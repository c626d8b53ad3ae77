"""What is kept about members."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare, of_their
from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.models import Block, Confirmation, ContactPoint, KeptOut, Member, PushDevice
from commonweal.members.trusting import ContactBlock, Vouch, VouchCode

declare(
    Member,
    Personal(
        fields=("name",),
        what=_("Your name, or whatever you want to be called"),
        why=_("So that people know whom they meet."),
        readers=(Reader.MATCHED, Reader.DESK),
        end=End.CHANGED,
        shown=("name",),
    ),
    Personal(
        fields=("languages", "language"),
        what=_("What you speak, and in what we write to you"),
        why=_("So that two people can talk."),
        readers=(Reader.MATCHED, Reader.DESK),
        end=End.CHANGED,
        shown=("languages", "language"),
    ),
    Personal(
        fields=("place", "cell_y", "cell_x"),
        what=_("Where you start from"),
        why=_("To find who is near; the program knows a square of about 300 metres."),
        readers=(Reader.NOBODY,),
        end=End.CHANGED,
        shown=("place", "cell_y", "cell_x"),
    ),
    Personal(
        fields=("goes_as", "reached"),
        what=_("A word about yourself, and how you want to be reached by whom you are matched with"),
        why=_("Only where somebody asks that a woman or a man comes; and so that your number stays yours."),
        readers=(Reader.NOBODY,),
        end=End.CHANGED,
        shown=("goes_as", "reached"),
    ),
    of_member=lambda member: Member.objects.filter(network_id=member.network_id, pk=member.pk),
)
declare(
    ContactPoint,
    Personal(
        fields=("member", "value", "value_index"),
        what=_("How to reach you"),
        why=_("To let you in, to ask you, and so that two people who agreed find each other."),
        readers=(Reader.MATCHED, Reader.DESK),
        end=End.CHANGED,
        shown=("value",),
    ),
    of_member=of_their(ContactPoint, "member"),
)
declare(
    Confirmation,
    Personal(
        fields=(
            "member",
            "contact",
            "contact_index",
            "draft",
            "language",
            "purpose",
            "code_hash",
            "token_hash",
        ),
        what=_("A one-time code on its way, where it goes to, and what you had filled in and waits for it"),
        why=_("To know that it is you."),
        readers=(Reader.NOBODY,),
        end=End.RUN_OUT,
        shown=("contact",),
    ),
    of_member=of_their(Confirmation, "member"),
)
declare(
    SignIn,
    Personal(
        fields=("member", "browser", "system", "used_at"),
        what=_(
            "Where you are signed in: the kind of browser and device, since when, and the day it was last used"
        ),
        why=_("So that you see every one of them, and can end each."),
        readers=(Reader.NOBODY,),
        end=End.SIGNED_IN,
        shown=("browser", "system", "used_at"),
    ),
    of_member=of_their(SignIn, "member"),
)
declare(
    Passkey,
    Personal(
        fields=("member", "name", "credential", "handle", "public_key"),
        what=_("Your passkeys, by the names you gave them"),
        why=_("To let you in without a code. What opens them stays in your device."),
        readers=(Reader.NOBODY,),
        end=End.CHANGED,
        shown=("name",),
    ),
    of_member=of_their(Passkey, "member"),
)
declare(
    PushDevice,
    Personal(
        fields=("member", "value", "value_index", "browser", "system"),
        what=_("A browser in which you want to be told, by the address that its maker’s service gave it"),
        why=_("To tell you what reaches you by no other way."),
        readers=(Reader.NOBODY,),
        end=End.CHANGED,
        shown=("browser", "system"),
    ),
    of_member=of_their(PushDevice, "member"),
)
declare(
    Block,
    Personal(
        fields=("member", "blocked"),
        what=_("Whom you don’t want to be brought together with"),
        why=_("So that it never happens; they are not told."),
        readers=(Reader.NOBODY,),
        end=End.CHANGED,
    ),
    of_member=of_their(Block, "member"),
)
declare(
    KeptOut,
    Personal(
        fields=("contact_index",),
        what=_("That a number or address can’t join until a date, as a fingerprint"),
        why=_("So that whoever is shut out for a while does not come back under another name."),
        readers=(Reader.NOBODY,),
        end=End.RUN_OUT,
    ),
)
declare(
    Vouch,
    Personal(
        fields=("giver", "taker"),
        what=_("Whom you said that you know, and who said it of you"),
        why=_("So that people are asked for what takes more than goodwill, such as looking after children."),
        readers=(Reader.TOLD,),
        end=End.CHANGED,
    ),
    of_member=of_their(Vouch, "giver", "taker"),
)
declare(
    VouchCode,
    Personal(
        fields=("member", "code_hash"),
        what=_("A code that you show to people who know you, as a fingerprint"),
        why=_("So that they can vouch for you without a list of members."),
        readers=(Reader.NOBODY,),
        end=End.RUN_OUT,
    ),
    of_member=of_their(VouchCode, "member"),
)
declare(
    ContactBlock,
    Personal(
        fields=("member", "contact", "contact_index"),
        what=_("That somebody without an account and a member are not to be brought together"),
        why=_("So that it never happens; the other is not told."),
        readers=(Reader.NOBODY,),
        end=End.TWO_YEARS,
    ),
    of_member=lambda member: ContactBlock.objects.filter(
        network_id=member.network_id, member=member, by_member=True
    ),
)
