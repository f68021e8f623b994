"""Requests and replies of the control socket."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.commands.wish import Wish
from gateway.deeds import Deed
from gateway.journal.controls import Act, Audited, Imported, PaperAct, Sought
from gateway.rollcall.selection import Selection

MOST = 65_536
"""Bytes of a request line."""


class Request(msgspec.Struct, frozen=True):
    """What is asked: ``do`` is a key of :data:`gateway.control.rights.NEEDS`.

    Attributes:
        act, wish: of act and command.
        later: of reload_confirm: a signal puts it in force.
        id, seconds: of wait, cancel, unconfirmed and confirm; ``id`` of where and track: the person; of reload_confirm:
            the digest of the files.
        since, until: of track, UTC epoch seconds. Of explain: ``until`` which device time and, as ``since``, receive
            time fixes count (0: now); ``rule``, ``kind`` of alarm, ``alarm``: of these alone. Of alarms ``alarm`` is
            the beginning of an id: those alone.
        deed: of register. ``count``: of written_back: so many deeds, the oldest, stand in the files now; of
            audit: so many entries at most.
        device, everything: of orders and alarms: of this device alone; also what is over.
        by: in whose name; empty: that of the account.
        for_staff: it is to be judged by the roles and the office of the member of staff whom ``by`` names.
        document, why: of erase, whose ``id`` is the person's; that of erase_confirm the order's.
        fixes: of import and import_look, of ``device`` alone, by ``document``; out of the file ``source`` whose
            SHA-256 is ``digest``.
        digest: of draft_propose and draft_confirm, whose ``id`` is the draft's: of what was shown.
        door: by which way it comes (:data:`gateway.journal.controls.DOORS`); empty: whatever speaks to the socket.
        paper: of paper_act; its revision is the one that it makes; of begin without lines, which the gateway makes.
            Of papers ``kind`` is the form; of paper ``id`` the sheet's. Of devices ``kind`` is a state, ``device`` one
            alone.
        selection: of roll_call_look. Of roll_call ``id`` is what that offered, ``why`` the purpose. Of
            roll_call_confirm, roll_calls (empty: all) and roll_call_sign ``id`` is the roll call's, ``digest`` that of
            the lists that are signed.
        looks: of audit_enter. ``sought``: of audit; None: all.
        language: of the reply's ``error``; empty: the county's.
    """

    do: str
    act: Act | None = None
    wish: Wish | None = None
    deed: Deed | None = None
    count: int = 0
    id: str = ""
    seconds: float = 0.0
    since: float = 0.0
    until: float = 0.0
    by: str = ""
    language: str = ""
    device: str = ""
    everything: bool = False
    for_staff: bool = False
    later: bool = False
    rule: str = ""
    kind: str = ""
    document: str = ""
    why: str = ""
    alarm: str = ""
    fixes: tuple[Imported, ...] = ()
    source: str = ""
    digest: str = ""
    door: str = ""
    paper: PaperAct | None = None
    selection: Selection | None = None
    looks: tuple[Audited, ...] = ()
    sought: Sought | None = None


class Reply(msgspec.Struct, frozen=True):
    """``ok`` tells whether it was done; ``error`` why not; ``data`` what was asked for.

    ``refused``: it was not for the caller to ask, or asks for what cannot be; asking again does not help. ``passes``:
    it may be done if it is asked again.
    """

    ok: bool
    error: str = ""
    data: dict[str, Any] = {}
    refused: bool = False
    passes: bool = False
