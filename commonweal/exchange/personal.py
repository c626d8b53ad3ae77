"""What the exchange keeps about people."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare, of_their
from commonweal.exchange.models import (
    Ask,
    Buddy,
    CallNote,
    CheckIn,
    Handover,
    Look,
    Match,
    Offer,
    OfferCategory,
    PassedOn,
)

DESK, MATCHED, INVITED, NOBODY = Reader.DESK, Reader.MATCHED, Reader.INVITED, Reader.NOBODY
MEMBERS, EVERYBODY = Reader.MEMBERS, Reader.EVERYBODY

declare(
    Ask,
    Personal(
        fields=("called",),
        what=_("What you want to be called, when you ask"),
        why=_("So that people know whom they meet."),
        readers=(MATCHED, DESK),
        end=End.ASK,
        shown=("called",),
    ),
    Personal(
        fields=("contact", "contact_kind", "contact_index", "reached"),
        what=_("How to reach you about an ask"),
        why=_("So that two people who agreed find each other, and so that you hear how it stands."),
        readers=(MATCHED, DESK),
        end=End.ASK,
        shown=("contact", "reached"),
    ),
    Personal(
        fields=("place", "destination"),
        what=_("The exact place, if you gave one"),
        why=_("So that whoever helps you finds the way."),
        readers=(MATCHED, DESK),
        end=End.ASK,
        shown=("place", "destination"),
    ),
    Personal(
        fields=("words",),
        what=_("Your own words about what you need"),
        why=_("So that who is asked knows what it is about."),
        readers=(INVITED, MEMBERS, DESK),
        end=End.ASK,
        shown=("words",),
    ),
    Personal(
        fields=("summary",),
        what=_("The line on the noticeboard"),
        why=_("So that somebody who can help sees it."),
        readers=(EVERYBODY,),
        end=End.ASK,
        shown=("summary",),
    ),
    Personal(
        fields=("needs", "languages", "language", "wish", "preferred"),
        what=_("What you speak, what you need so that it works for you, and whom you would rather have come"),
        why=_("So that the right person is asked."),
        readers=(INVITED, DESK),
        end=End.ASK,
        shown=("needs", "languages", "language", "wish"),
    ),
    Personal(
        fields=("by", "token_hash", "token_box", "source_key"),
        what=_("Your private link, and your membership if you were signed in when you asked"),
        why=_("So that you, and nobody else, can see and change your ask."),
        readers=(NOBODY,),
        end=End.ASK,
    ),
    Personal(
        fields=("cell_y", "cell_x", "held_by"),
        what=_("Roughly where, as a square of about 300 metres"),
        why=_("To find who is near; later for figures by area."),
        readers=(MEMBERS,),
        end=End.RECORD,
        shown=("cell_y", "cell_x"),
    ),
    of_member=of_their(Ask, "by"),
    of_ask=lambda ask: Ask.objects.filter(network_id=ask.network_id, pk=ask.pk),
)
declare(
    CallNote,
    Personal(
        fields=("text", "member"),
        what=_("Notes that a person on shift made about a call with you"),
        why=_("So that the next person on shift need not ask you everything again."),
        readers=(DESK,),
        end=End.ASK,
    ),
    of_member=of_their(CallNote, "ask__by"),
    of_ask=lambda ask: CallNote.objects.filter(network_id=ask.network_id, ask=ask),
)
declare(
    Match,
    Personal(
        fields=("member", "reasons", "rest"),
        what=_("What you were asked to do for others, and what you answered"),
        why=_("So that you are asked what suits you, and not too often."),
        readers=(MATCHED, DESK),
        end=End.RECORD,
        shown=("rest",),
    ),
    Personal(
        fields=("token_hash", "token_box"),
        what=_("The private link of an invitation"),
        why=_("So that you can answer with one press."),
        readers=(NOBODY,),
        end=End.ASK,
    ),
    of_member=of_their(Match, "member"),
)
declare(
    Handover,
    Personal(
        fields=("note", "member"),
        what=_("What was said about how it went"),
        why=_("So that what went wrong can be put right."),
        readers=(MATCHED, DESK),
        end=End.ASK,
        shown=("note",),
    ),
    # What the other of the two said is theirs.
    of_member=of_their(Handover, "member"),
    of_ask=lambda ask: Handover.objects.filter(network_id=ask.network_id, match__ask=ask, said_by="asker"),
)
declare(
    Look,
    Personal(
        fields=("of", "actor", "what", "words", "draft"),
        what=_("Who saw how to reach you, when and why"),
        why=_("So that you can see who looked."),
        readers=(Reader.STEWARD,),
        end=End.LOOK,
        shown=("what",),
    ),
    of_member=of_their(Look, "of"),
    of_ask=lambda ask: Look.objects.filter(network_id=ask.network_id, ask=ask, side="asker"),
)
declare(
    PassedOn,
    Personal(
        fields=("words", "key"),
        what=_("Words that the network handed on between you and whom you are matched with"),
        why=_("So that neither of you has to learn the other’s number."),
        readers=(MATCHED,),
        end=End.SENT,
        shown=("words",),
    ),
    of_member=lambda member: PassedOn.objects.filter(
        network_id=member.network_id, match__member=member, by="helper"
    ),
    of_ask=lambda ask: PassedOn.objects.filter(network_id=ask.network_id, match__ask=ask, by="asker"),
)
declare(
    Offer,
    Personal(
        fields=("member", "words", "summary", "able", "unit", "source_key"),
        what=_("What you offer, in your own words"),
        why=_("So that what is needed and what can be done find each other."),
        readers=(MEMBERS, DESK),
        end=End.CHANGED,
        shown=("words", "summary", "able"),
    ),
    Personal(
        fields=("cell_y", "cell_x"),
        what=_("Where an offer starts from, as a square of about 300 metres"),
        why=_("To find who is near."),
        readers=(NOBODY,),
        end=End.CHANGED,
        shown=("cell_y", "cell_x"),
    ),
    of_member=of_their(Offer, "member"),
)
declare(
    OfferCategory,
    Personal(
        fields=("cell_y", "cell_x"),
        what=_("Where an offer starts from, once more for each kind of help"),
        why=_("To find who is near."),
        readers=(NOBODY,),
        end=End.CHANGED,
        shown=("cell_y", "cell_x"),
    ),
    of_member=of_their(OfferCategory, "offer__member"),
)
declare(
    Buddy,
    Personal(
        fields=("name", "member", "token_hash", "token_box"),
        what=_("Who goes along with you to somebody’s home"),
        why=_("So that whoever asked knows that two will come."),
        readers=(MATCHED,),
        end=End.RUN_OUT,
        shown=("name",),
    ),
    of_member=of_their(Buddy, "match__member"),
)
declare(
    CheckIn,
    Personal(
        fields=("contact", "contact_kind", "contact_index", "settled_by"),
        what=_(
            "That you were on the way, until when, and whom we should tell if you weren’t back; never where you were"
        ),
        why=_("So that you are missed when something goes wrong."),
        readers=(DESK,),
        end=End.RUN_OUT,
        shown=("contact",),
    ),
    of_member=of_their(CheckIn, "match__member"),
)
