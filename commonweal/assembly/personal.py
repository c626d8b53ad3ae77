"""What is kept about who holds a mandate."""

from django.utils.translation import gettext_lazy as _

from commonweal.assembly.care.models import Measure, Report, Said, StepTaken
from commonweal.assembly.models import Decision, Deed, Mandate, Standing
from commonweal.base.personal import End, Personal, Reader, declare, of_their

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
    of_member=of_their(Mandate, "member"),
)

declare(
    Standing,
    Personal(
        fields=("member", "role"),
        what=_("A role that you said you would take"),
        why=_("So that nobody is given a role without having said so."),
        readers=(Reader.MEMBERS,),
        end=End.CHANGED,
        shown=("role",),
    ),
    of_member=of_their(Standing, "member"),
)
declare(
    Decision,
    Personal(
        fields=("member", "by", "agreed_by", "words"),
        what=_("What was decided about a role of yours, or by you as a founder, and why"),
        why=_("So that everybody can see who decided what."),
        readers=(Reader.MEMBERS,),
        end=End.RECORD,
        shown=("words",),
    ),
    of_member=of_their(Decision, "member", "by", "agreed_by"),
)
declare(
    Deed,
    Personal(
        fields=("member", "asked_by", "agreed_by", "reason"),
        what=_(
            "What you asked for, or agreed to, that takes two founders; or what was asked about a role of yours"
        ),
        why=_("So that nobody does alone what can't be undone."),
        readers=(Reader.MEMBERS,),
        end=End.RECORD,
        shown=("reason",),
    ),
    of_member=of_their(Deed, "member", "asked_by", "agreed_by"),
)

declare(
    Report,
    Personal(
        fields=("reporter", "words", "reach", "token_hash", "token_box"),
        what=_("What you told in confidence, and how you may be reached about it"),
        why=_("So that somebody can listen to you and do something about it."),
        readers=(Reader.CARE,),
        end=End.CARE,
        shown=("words", "reach"),
    ),
    Personal(
        fields=("about", "about_called", "source", "reader", "hand_to"),
        what=_("Whom it is about, and who reads it"),
        why=_("So that nobody reads what is about themselves."),
        readers=(Reader.CARE,),
        end=End.CARE,
    ),
    of_member=of_their(Report, "reporter"),
)
declare(
    Said,
    Personal(
        fields=("words",),
        what=_("Words between you and who listens to you"),
        why=_("So that the two of you can talk."),
        readers=(Reader.CARE,),
        end=End.CARE,
        shown=("words",),
    ),
    of_member=lambda member: Said.objects.filter(
        network_id=member.network_id, report__reporter=member, by__in=[Said.By.OWNER, Said.By.READER]
    ),
)
declare(
    StepTaken,
    Personal(
        fields=("note",),
        what=_("Notes of who listens to you"),
        why=_("So that nothing is forgotten from one step to the next."),
        readers=(Reader.CARE,),
        end=End.CARE,
    ),
)
declare(
    Measure,
    Personal(
        fields=("member", "words", "appeal", "answer", "token_hash", "token_box"),
        what=_("That you were asked to stay away for a time, what you were told, and your appeal"),
        why=_("So that it ends on its day, and can be appealed against."),
        readers=(Reader.CARE,),
        end=End.CARE,
        shown=("words", "appeal", "answer"),
    ),
    Personal(
        fields=("other", "by", "second", "reason"),
        what=_("Who decided it, and why"),
        why=_("So that no one person decides it alone."),
        readers=(Reader.CARE,),
        end=End.CARE,
    ),
    of_member=lambda member: Measure.objects.filter(
        network_id=member.network_id,
        member=member,
        starts_at__isnull=False,
        kind__in=["suspended", "removed"],
    ),
)
