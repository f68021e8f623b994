"""How fast a desk answered the alarms of a drill, in real seconds, and which of them nobody took."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.table import Table

from gateway.kinds import TRIALS
from gateway.reports.cases import case_of
from gateway.words.kind_names import kind_name
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode

    Elapsed = Callable[[float, float], float]

CONTACTS: Final = frozenset({"attempt", "arrived"})
"""Acts by which somebody is spoken to, or was to be."""
WORDS: Final = {
    "title": Text("演练结果（实际时间）", "The drill (real time)"),
    "person": Text("人员", "person"),
    "kind": Text("报警", "alarm"),
    "raised": Text("开始后多久报出", "raised at"),
    "seen": Text("多久接收", "acknowledged after"),
    "contact": Text("多久联系", "first contact after"),
    "closed": Text("多久办结", "closed after"),
    "not": Text("没有", "not"),
    "none": Text("没有报警。", "There was no alarm."),
    "sum": Text(
        "报警 {count} 起，已接收 {seen} 起；接收用时中位数 {middle}，最长 {longest}。",
        "{count} alarms, {seen} acknowledged; median {middle}, longest {longest}.",
    ),
    "unanswered": Text("没有人接收：{alarms}", "Acknowledged by nobody: {alarms}"),
}
_TIMES: Final = ("raised", "seen", "contact", "closed")


class Response(NamedTuple):
    """One alarm of a drill, in real seconds: raised since the drill began, the others since then; None: not.

    ``asks``: somebody has to take it, or has.
    """

    person: str
    kind: str
    raised: float
    seen: float | None
    contact: float | None
    closed: float | None
    asks: bool

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody took what somebody had to take."""
        return self.asks and self.seen is None


def responses(episodes: Iterable[Episode], epoch: float, elapsed: Elapsed, zone: ZoneInfo) -> list[Response]:
    """Of the alarms of a drill, the first raised first; what was taken back and test alarms are left out.

    Args:
        episodes: as they stand at its end.
        epoch: when it began, by its own clock, UTC epoch seconds.
        elapsed: real seconds between two moments of that clock.
        zone: of its county.
    """
    mine = [one for one in episodes if not one.retracted and one.kind not in TRIALS and one.decided >= epoch]
    return [_response(one, epoch, elapsed, zone) for one in sorted(mine, key=lambda one: (one.decided, one.id))]


def _response(episode: Episode, epoch: float, elapsed: Elapsed, zone: ZoneInfo) -> Response:
    case, raised = case_of(episode, zone), episode.decided
    contact = min((act.at - raised for act in episode.acts if act.do in CONTACTS), default=None)
    after = (case.acknowledged_after, contact, case.closed_after)
    seen, called, closed = (None if one is None else elapsed(raised, raised + one) for one in after)
    return Response(
        episode.person, episode.kind, elapsed(epoch, raised), seen, called, closed, case.asks
    )  # fmt: skip


def table(found: Sequence[Response], language: str) -> Table:
    """An alarm a row."""
    made = Table(title=WORDS["title"].of(language))
    for name in ("person", "kind", *_TIMES):
        made.add_column(WORDS[name].of(language))
    for one in found:
        times = (clocked(getattr(one, name)) or WORDS["not"].of(language) for name in _TIMES)
        made.add_row(one.person, kind_name(one.kind, language), *times)
    return made


def lines(found: Sequence[Response], language: str) -> Iterator[str]:
    """What it comes to, and the alarms that nobody took by name."""
    if not found:
        yield WORDS["none"].of(language)
        return
    seen = [one.seen for one in found if one.seen is not None]
    middle, longest = (clocked(median(seen)), clocked(max(seen))) if seen else ("-", "-")
    yield WORDS["sum"].filled(count=len(found), seen=len(seen), middle=middle, longest=longest).of(language)
    left = [f"{one.person} {kind_name(one.kind, language)}".strip() for one in found if one.is_unanswered]
    if left:
        yield WORDS["unanswered"].filled(alarms=("、" if language == "zh" else ", ").join(left)).of(language)


def clocked(seconds: float | None) -> str:
    """Minutes and seconds; empty: None."""
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
