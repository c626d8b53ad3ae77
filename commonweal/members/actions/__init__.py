"""Every write of this room."""

from commonweal.members.actions.confirming import (
    Started,
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
from commonweal.members.actions.pausing import come_back, end_pauses, pause
from commonweal.members.actions.shutting_out import end_shutting_out, hold_back, let_back, shut_out

__all__ = [
    "Profile",
    "Started",
    "add_contact",
    "block",
    "change_profile",
    "come_back",
    "confirm_code",
    "end_pauses",
    "end_shutting_out",
    "forget_confirmations",
    "hold_back",
    "join",
    "leave",
    "let_back",
    "lock_member",
    "pause",
    "put_first",
    "record_sign_in",
    "remove_contact",
    "send_again",
    "shut_out",
    "sign_out_everywhere",
    "start_confirmation",
    "unblock",
]
