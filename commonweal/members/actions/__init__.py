"""Every write of this room."""

from commonweal.members.actions.confirming import (
    Started,
    confirm_by_link,
    confirm_code,
    forget_confirmations,
    send_again,
    start_confirmation,
)
from commonweal.members.actions.contact_points import add_contact, put_first, remove_contact
from commonweal.members.actions.membership import (
    Profile,
    block,
    change_profile,
    join,
    leave,
    lock_member,
    record_sign_in,
    sign_out_everywhere,
    unblock,
)
from commonweal.members.actions.passkeys import add_passkey, remove_passkey, sign_in_by_passkey
from commonweal.members.actions.pausing import come_back, end_pauses, pause
from commonweal.members.actions.push_devices import (
    add_push_device,
    forget_push_device,
    remove_push_device,
    renew_push_device,
)
from commonweal.members.actions.reckoning import is_reckoning_due, reckon_due, reckon_levels
from commonweal.members.actions.shutting_out import end_shutting_out, hold_back, let_back, shut_out
from commonweal.members.actions.signing_in import (
    close_sign_in,
    end_sign_in,
    forget_sign_ins,
    keep_sign_in,
    note_use,
    prove,
    shorten_sign_ins,
)
from commonweal.members.actions.vouching import (
    block_contact,
    forget_vouch_codes,
    show_code,
    unblock_contact,
    vouch,
    vouch_by_code,
    withdraw_vouch,
)

__all__ = [
    "Profile",
    "Started",
    "add_contact",
    "add_passkey",
    "add_push_device",
    "block",
    "block_contact",
    "change_profile",
    "close_sign_in",
    "come_back",
    "confirm_by_link",
    "confirm_code",
    "end_pauses",
    "end_shutting_out",
    "end_sign_in",
    "forget_confirmations",
    "forget_push_device",
    "forget_sign_ins",
    "forget_vouch_codes",
    "hold_back",
    "is_reckoning_due",
    "join",
    "keep_sign_in",
    "leave",
    "let_back",
    "lock_member",
    "note_use",
    "pause",
    "prove",
    "put_first",
    "reckon_due",
    "reckon_levels",
    "record_sign_in",
    "remove_contact",
    "remove_passkey",
    "remove_push_device",
    "renew_push_device",
    "send_again",
    "shorten_sign_ins",
    "show_code",
    "shut_out",
    "sign_in_by_passkey",
    "sign_out_everywhere",
    "start_confirmation",
    "unblock",
    "unblock_contact",
    "vouch",
    "vouch_by_code",
    "withdraw_vouch",
]
