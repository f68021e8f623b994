"""Controls: what is journaled beside frames. Their payloads, as JSON."""

from __future__ import annotations

import msgspec

LONGEST_NOTE = 4000
"""Characters of a note: a page."""


DOORS = ("cli", "socket", "console", "files")
"""The command line and others by the control socket; the duty desk; a command that reads the stored files itself."""


class Start(msgspec.Struct, frozen=True):
    """The gateway began to listen: version, digest of the lock file, features of the CPU that numpy dispatches on.

    ``engine``: number of the engine that steps from here on; 0: an older version, which did not say.
    """

    version: str
    lock: str = ""
    cpu: str = ""
    engine: int = 0


class Stop(msgspec.Struct, frozen=True):
    """The gateway stopped listening, in good order."""

    reason: str = ""


class Configured(msgspec.Struct, frozen=True):
    """The configuration that holds from here on; the journal keeps its texts under the digest."""

    digest: str


class Reload(msgspec.Struct, frozen=True):
    """Payload of RELOAD: what became of changed files of the county.

    Attributes:
        do: ``proposed``, ``confirmed``, or ``taken``: without a second person, or by a signal after one had confirmed.
        files: digest of their texts, without what was done at the desk.
        digest: of the configuration that they make; the journal keeps its texts under it.
        by, account: as of an act; both empty: a signal.
    """

    do: str
    files: str
    digest: str
    by: str = ""
    account: str = ""


class Erasing(msgspec.Struct, frozen=True):
    """Payload of ERASURE: what becomes of an order that a person's places are erased.

    Attributes:
        do: ``ordered``, ``confirmed`` by a second person, or ``done``: nothing of them is stored any more.
        id: of the order, 12 hexadecimal digits.
        document, why: what it rests on.
        by, account: who ordered or confirmed it, as of an act; of what is done both are empty.
        first: of a confirmation, who had ordered it.
        spans: of a confirmation, by device from when until when the person wore it, UTC epoch seconds; what is erased
            are reports of these device times, and sessions of these receive times.
        counts: of what is done, how much of what.
    """

    do: str
    id: str
    person: str
    document: str = ""
    why: str = ""
    by: str = ""
    account: str = ""
    first: str = ""
    spans: dict[str, list[tuple[float, float]]] = {}
    counts: dict[str, int] = {}


class Audited(msgspec.Struct, frozen=True, omit_defaults=True):
    """Payload of AUDIT: what somebody saw, did or was refused; in the journal before it is shown.

    Attributes:
        what: a request of the control socket, or a look of a program that reads files itself.
        number: staff number of who it was; of root and the daemon's own account what they said; empty: nobody known.
        account: on this server, as the kernel tells it.
        roles, office: his, by the configuration in force then.
        door: by which way, one of :data:`DOORS`.
        person: whom it was about; empty: nobody in particular.
        about: what else: the id of an alarm or an order, a device, a kind of deed.
        since, until: of a stretch of time, UTC epoch seconds; 0: it has no such end.
        purpose: an alarm's id, or what was said.
        session, ip: of the console.
        ok: False: it was refused.
        at: when it was, UTC epoch seconds, where it was written down elsewhere before; 0: when the entry was received.
    """

    what: str
    number: str = ""
    account: str = ""
    roles: tuple[str, ...] = ()
    office: str = ""
    door: str = ""
    person: str = ""
    about: str = ""
    since: float = 0.0
    until: float = 0.0
    purpose: str = ""
    session: str = ""
    ip: str = ""
    ok: bool = True
    at: float = 0.0


class Sought(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which AUDIT entries somebody wants to see; what is empty is not asked for.

    Attributes:
        person, number, what: as in :class:`Audited`.
        words: a part of its purpose, or of what else it is about.
        since, until: since <= time < until, UTC epoch seconds; ``until`` 0: for good.
        before: entries before this offset alone; 0: all.
    """

    person: str = ""
    number: str = ""
    what: str = ""
    words: str = ""
    since: float = 0.0
    until: float = 0.0
    before: int = 0


class TowersNamed(msgspec.Struct, frozen=True):
    """Payload of TOWERS: the version of what is known of cells that holds from here on, by its digest."""

    digest: str


class ClockStep(msgspec.Struct, frozen=True):
    """Payload of a CLOCK entry: the wall clock was set, the machine slept, or nobody could be read for a while.

    Attributes:
        old: what receive time would have been, UTC epoch seconds.
        new: what it is, from this entry on.
        monotonic: seconds since the batch before; None: the first batch since a start, nobody knows.
    """

    old: float
    new: float
    monotonic: float | None = None


DOINGS = ("acknowledge", "take_over", "note", "close", "attempt", "follow_up", "assign", "arrived", "dispute", "cause")
"""What can be done about an alarm."""
OF_CLOSED = ("dispute", "cause")
"""Of these what is done about one that is closed, which the engine may know no more: it comes with the act."""
WHOM = ("wearer", "family", "office", "police", "other")
RESULTS = ("no_answer", "reached", "promised", "refused")
EXPECTS = ("home", "reports", "calls", "visit")
VERIFIED_BY = ("call", "visit", "document", "police")
CAUSES = ("redrawn", "device", "rule", "other")
"""Why an alarm was none: its zone had to be redrawn, the device, the rule itself, or something else."""


class Act(msgspec.Struct, frozen=True):
    """What an officer did: ``do`` is a key of :data:`DOINGS`; ``id`` makes a repetition harmless.

    Attributes:
        note: free words; every other field is empty or a code.
        outcome, verified_by: of a close; how a confirmed one was verified (:data:`VERIFIED_BY`).
        whom, result: of an attempt to reach somebody (:data:`WHOM`, :data:`RESULTS`).
        at, expects: of a follow-up: when it is due, UTC epoch seconds (0.0: not said), and what is to be so then
            (:data:`EXPECTS`).
        to: of an assignment: a staff number or an office's code.
        cause: why a closed alarm was none (:data:`CAUSES`).
        county, time: what an act of the platform is signed for; the time in ISO 8601.
        account: on this server, that did it; of root's or the daemon's own ``by`` is its word.
        episode: of an act of :data:`OF_CLOSED` the closed alarm as the gateway has stored it, JSON; never what whoever
            asks says.
    """

    id: str
    do: str
    alarm: str
    by: str
    outcome: str = ""
    note: str = ""
    origin: str = ""
    account: str = ""
    county: str = ""
    time: str = ""
    whom: str = ""
    result: str = ""
    at: float = 0.0
    expects: str = ""
    to: str = ""
    verified_by: str = ""
    episode: str = ""
    cause: str = ""


class TestAlarm(msgspec.Struct, frozen=True):
    """Payload of TEST: a test alarm of a device was asked for; ``by``, ``account`` as of an act.

    ``canary``: by the gateway itself, of a device that nobody need wear. ``drill``: one that rings, of the canary, and
    ``reason`` why now. ``ends``: the alarm of a drill that is over, and nothing is raised; ``called_off``: something
    real came first.
    """

    __test__ = False

    id: str
    device: str
    by: str = ""
    account: str = ""
    canary: bool = False
    drill: bool = False
    reason: str = ""
    ends: str = ""
    called_off: bool = False


class NoticeTold(msgspec.Struct, frozen=True):
    """Payload of NOTICE: how a notice stands now; no number, no text.

    Attributes:
        notice: its id.
        state: as :class:`gateway.engine.notice.NoticeState` has it.
        by: ``sms`` or ``device``; ``why``: of one that did not arrive, a word.
        references: by which delivery reports will name it.
    """

    notice: str
    state: str
    by: str = ""
    why: str = ""
    references: tuple[int, ...] = ()


class Imported(msgspec.Struct, frozen=True, omit_defaults=True):
    """Payload of IMPORTED: one fix of another system's past; the origin has the device, and out of which file it came.

    Attributes:
        time, received: device time and receipt as the file has them, UTC epoch seconds.
        source: a :class:`protocols.report.Source`.
        latitude, longitude: WGS-84 degrees; both None: a report without a position.
        accuracy_m, speed_kmh: None: not told. ``satellites``: -1 as well.
        course_deg, cells, wifi: as the file has them; they tell one report from another.
    """

    time: float
    received: float
    source: int
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    speed_kmh: float | None = None
    satellites: int = -1
    course_deg: str = ""
    cells: str = ""
    wifi: str = ""


class PaperLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a sheet of the office.

    Attributes:
        key: names it on its sheet.
        section: the heading that it stands under, a word of its form.
        person, alarm, device: what it is about; empty: nothing of the kind. Never a name, never a place.
        zh, en: what it says.
        since: since when it is so, UTC epoch seconds; 0: at no time in particular.
        due: until when something is to be done about it; 0: not said.
        last: what was done about it last: zh, en, and when; empty: nothing yet.
        owner: who has it, a staff number or an office; empty: nobody.
    """

    key: str
    section: str
    person: str = ""
    alarm: str = ""
    device: str = ""
    zh: str = ""
    en: str = ""
    since: float = 0.0
    due: float = 0.0
    last: tuple[str, str, float] | None = None
    owner: str = ""


class PaperAct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Payload of PAPER: what was done about a sheet of the office; who did it signs with staff number and account.

    Attributes:
        paper: id of the sheet.
        do: one of :data:`PAPER_DOINGS`, or RENEW.
        revision: the one that it makes, counted from 1: an act that does not follow what there is does nothing.
        form, office, since, until, facts: of begin: what sheet it is, whose (empty: the county's), and of which time,
            UTC epoch seconds; what else its form needs to know.
        lines: of begin and renew: all; of add and correct: one.
        key: of tick and strike: the line. ``note``: what was typed with it.
        digest: of sign: SHA-256 of what is signed, as hexadecimal digits.
    """

    paper: str
    do: str
    revision: int
    by: str
    account: str = ""
    form: str = ""
    office: str = ""
    since: float = 0.0
    until: float = 0.0
    facts: dict[str, str] = {}
    lines: tuple[PaperLine, ...] = ()
    key: str = ""
    note: str = ""
    digest: str = ""


PAPER_DOINGS = ("begin", "add", "correct", "strike", "tick", "sign", "reopen")
"""Of ``reopen``: the signatures so far are void."""
RENEW = "renew"
"""Lines of the gateway's own say something else now; nobody asks for that by itself."""


class Reminder(msgspec.Struct, frozen=True):
    """Payload of REMINDER: somebody is to be home soon, and far from it: who, by which rule, when, metres from home."""

    person: str
    device: str
    rule: str
    start: float
    home_m: float


def printable(text: str) -> str:
    """A person's text without control characters and outer blanks."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()


class Skipped(msgspec.Struct, frozen=True):
    """Payload of SKIPPED: the entry at ``offset`` cannot be stepped; its device, if any, and the exception's class."""

    offset: int
    fault: str
    device: str = ""
