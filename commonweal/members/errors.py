"""What can be refused about members and their codes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from commonweal.base.errors import NotAllowed, NotFound, Refused


class MemberNotFound(NotFound):
    """No such member in this network, or one who has left."""


class ContactNotFound(NotFound):
    """The member has no such contact."""


class SignInNotFound(NotFound):
    """The member is not signed in there, or not any more."""


class PasskeyNotFound(NotFound):
    """The member has no such passkey."""


class PushDeviceNotFound(NotFound):
    """The member is not told there."""


class TooManyPushDevices(Refused):
    """More browsers than anybody looks at."""

    status = 409
    words = _("You are told on as many devices as one can be. Take one away first.")


class ConfirmationNotFound(NotFound):
    """No code was ever asked for by this link in this network, or it was long ago."""


class CodeOver(Refused):
    """This code can't be used any more; a new one can be asked for."""

    status = 409


class CodeExpired(CodeOver):
    """Ten minutes are over."""

    words = _("This code is too old. Ask for a new one; nothing of what you typed is lost.")


class CodeUsed(CodeOver):
    """A code counts once."""

    words = _("This code was used already. If that was you, it worked: sign in to go on.")


class TooManyTries(CodeOver):
    """It was typed wrong too often."""

    words = _("That was wrong too often. Ask for a new code; nothing of what you typed is lost.")


class CodeTooShort(CodeOver):
    """Somebody is guessing, so only longer codes count."""

    words = _(
        "Somebody is guessing at codes. Ask for a new one: it is longer. Nothing of what you typed is lost."
    )


class WrongCode(Refused):
    """Not this code; ``left`` tries remain."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(
            ngettext_lazy(
                "That is not the code we sent. You can try once more.",
                "That is not the code we sent. You can try %(left)d more times.",
                "left",
            )
            % {"left": left}
        )


class ContactTaken(Refused):
    """Another member is reached by this contact."""

    status = 409
    words = _("Another member is reached by this address. To use it, sign in with it.")


class TooManyContacts(Refused):
    """More than anybody needs."""

    status = 409
    words = _("These are as many ways to reach you as we keep. Take one away first.")


class LastContact(Refused):
    """Without any contact a member could never sign in again."""

    status = 409
    words = _("This is the only way to reach you and to let you in. Add another one first.")


class PasskeyUnclear(Refused):
    """What a browser answered is no passkey of this place, or answers something that was not asked just now."""

    status = 422
    words = _("That did not work with this passkey. Try once more, or let us send you a code.")


class PasskeyTaken(Refused):
    """It is known already."""

    status = 409
    words = _("This passkey is here already.")


class PasskeyCopied(Refused):
    """It counts its uses, and the count went back: there are two of it."""

    status = 409
    words = _(
        "There seem to be two of this passkey, so it lets nobody in any more. "
        "Let us send you a code; then take the passkey away on your profile."
    )


class TooManyPasskeys(Refused):
    """More than anybody needs."""

    status = 409
    words = _("These are as many passkeys as one can have. Take one away first.")


class VouchCodeOver(NotFound):
    """No such code, or one that ran out; also one's own, and that of somebody from whom one is kept apart."""

    words = _("This code is not good any more, or mistyped. Ask for a new one: it lasts two days.")


class TooManyVouches(Refused):
    """More people than anybody knows well."""

    status = 409
    words = _("You vouch for as many people as one member can. Take one back first.")


class HasLeft(NotAllowed):
    """Who has left can't do this."""

    words = _("This member has left the network.")


class ShutOut(NotAllowed):
    """A suspension or a removal is in force."""

    words = _(
        "For now you can't take part in this network. The letter we sent you says until when, why, and how to appeal."
    )


class HeldBack(NotAllowed):
    """Care keeps this member from helping for a while."""

    words = _("For now you can't help here. The letter we sent you says until when, and whom to talk to.")


class HeldFromHomes(NotAllowed):
    """Care keeps this member from helping at anybody's home for a while."""

    words = _("For now you don't help at anybody's home. The letter we sent you says until when.")
