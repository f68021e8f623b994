"""What our journal knew when another system had an alarm and we had none: in words, without a place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.kinds import NOT_RAISED, TRIALS
from gateway.replay.evidence import kind_of
from gateway.replay.explain import Asked, accounts, explained
from gateway.replay.shadow import meet, told_of
from gateway.words.kind_names import KIND_NAMES
from gateway.words.shadow_words import KNOWN, outline, outline_of_number, spoken_in
from gateway.words.shadows import Missing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode
    from gateway.replay.gather import Source
    from gateway.replay.past import Reports
    from gateway.words.alarm_words import Words
    from gateway.words.shadows import Theirs

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Where what was known is looked up.

    Attributes:
        history, source: what came, as reports and as entries.
        in_force: digest of the configuration of now; ``begins``: receive time of the first entry; None: there is none.
        covered: people whom an authority covers now: of others nothing is looked at.
        episodes: ours, by person; those taken back, too.
        within: seconds by which alarms that are the same may lie apart.
    """

    history: Reports
    source: Source
    in_force: str
    begins: float | None
    covered: Collection[str]
    episodes: Mapping[str, Sequence[Episode]]
    zone: ZoneInfo
    within: float

    def of(self, one: Theirs) -> Missing:
        """What was known half through an alarm of theirs, ``within`` seconds after its beginning at the latest.

        Raises:
            TransientFault, OurFault: history, journal or configurations cannot be read.
        """
        last = one.since if one.until is None else one.until
        at = one.since + min(self.within, (last - one.since) / 2.0)
        return Missing(one, at, list(self._known(one, at)))

    def _known(self, one: Theirs, at: float) -> Iterator[Text]:
        if self.begins is None or at < self.begins:
            begins = self.begins
            yield self._said("begins", lambda words: {"begins": "-" if begins is None else words.clock(begins)})
            return
        if not one.person:
            yield KNOWN["nobody"].filled(device=one.device)
            return
        yield from self._ours(one)
        if one.person not in self.covered:
            yield KNOWN["uncovered"]
            return
        yield self._heard(one, at)
        for kind in one.kinds:
            yield from self._of_kind(one.person, kind, at)

    def _said(self, key: str, values: Callable[[Words], dict[str, object]]) -> Text:
        zh, en = spoken_in(self.zone)
        return Text(KNOWN[key].zh.format_map(values(zh)), KNOWN[key].en.format_map(values(en)))

    def _ours(self, one: Theirs) -> Iterator[Text]:
        """What of ours stood then: taken back, or of another kind."""
        for episode in self.episodes.get(one.person, ()):
            if not meet(one, told_of(episode), self.within) or episode.kind in TRIALS:
                continue
            key = "retracted" if episode.retracted else "other"
            if (episode.kind in one.kinds) is episode.retracted:
                yield self._said(key, partial(_named, episode))

    def _heard(self, one: Theirs, at: float) -> Text:
        """Reports of the hour before that had come; of a wearer of whom no device is known: none."""
        rows = self.history.rows([one.device], at - HOUR, at)
        rows = rows[rows["received"] <= at]
        if not len(rows):
            return KNOWN["silent"]
        count, placed, last = len(rows), int(rows["located"].sum()), float(rows["received"].max())
        return self._said(
            "reports", lambda words: {"count": count, "placed": placed, "last": words.clock(last, seconds=True)}
        )

    def _of_kind(self, person: str, kind: str, at: float) -> Iterator[Text]:
        """By which number or evidence none of a kind stood."""
        name = KIND_NAMES[kind]
        if kind in NOT_RAISED:
            yield Text(KNOWN["unraised"].zh.format(kind=name.zh), KNOWN["unraised"].en.format(kind=name.en))
            return
        asked = Asked(person, kind=kind, at=at, known=at, tries=False)
        found: list[tuple[Text, ...]] = []
        if kind_of(kind) is not None:
            rested = explained(self.history, self.source.policies, asked, self.in_force)
            found = [self._lines(partial(outline, one)) for one in rested]
        else:
            found = [self._lines(partial(outline_of_number, one)) for one in accounts(self.source, [], asked)]
        for lines in found:
            yield from lines
        if not found:
            yield Text(KNOWN["unasked"].zh.format(kind=name.zh), KNOWN["unasked"].en.format(kind=name.en))

    def _lines(self, told: Callable[[Words], Iterator[str]]) -> tuple[Text, ...]:
        return tuple(Text(*pair) for pair in zip(*map(told, spoken_in(self.zone)), strict=True))


def _named(one: Episode, words: Words) -> dict[str, object]:
    return {"kind": KIND_NAMES[one.kind].of(words.language), "onset": words.clock(one.onset)}
