"""Why an alarm was raised, or why none was, worked out anew from history and journal; by itself or in a process.

    python -m gateway.replay.explain STORAGE PERSON RULE KIND AT KNOWN ALARM DIGEST

One JSON text on standard output: :class:`gateway.words.accounts.Explained`. RULE and KIND (of alarm) empty: all of the
person's. AT: device time up to which fixes count, KNOWN: receive time up to which they had come. ALARM: an alarm of the
person; empty: whichever stood at AT.
"""

from __future__ import annotations

import os
import resource
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np

from fencing.verdict import posterior
from gateway.engine import WatchKind, with_imported
from gateway.engine.late import LATEST
from gateway.engine.weigh import RAISE_AT
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.account import Sought, account_of, sought_at
from gateway.replay.evidence import World, found_in, kind_of
from gateway.replay.flips import Trials
from gateway.replay.gather import Source
from gateway.replay.past import MOST_CPU, MOST_MEMORY, WARM_UP
from gateway.replay.reading import StoredPolicies
from gateway.replay.reasons import REASONS
from gateway.replay.rule_text import rule_text
from gateway.store.state_db import StateStore
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.words.accounts import Account, Explained
from gateway.words.explained import Explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.engine import Episode, Policies, Policy
    from gateway.replay.evidence import Evidence, Key
    from gateway.replay.past import Reports
    from gateway.words.explained import Step

MOST_STEPS: Final = 500
SHOWN: Final = 12
"""Digits of a configuration's digest."""


class Asked(NamedTuple):
    """What is to be explained: whose, of which rule and kind of alarm (empty: of all), and with which fixes.

    ``at``: device time, ``known``: receive time up to which fixes count, UTC epoch seconds. ``tries``: whether it is
    tried what would have made it otherwise.
    """

    person: str
    rule: str = ""
    kind: str = ""
    at: float = np.inf
    known: float = np.inf
    tries: bool = True


def explained(history: Reports, policies: Policies, asked: Asked, in_force: str) -> list[Explanation]:
    """Explain each watch of a person that was asked for, by the rules that held at that time.

    Args:
        history: what came.
        policies: the configurations.
        asked: whose, and when.
        in_force: digest of the configuration whose wearers and authorities hold.

    Raises:
        TransientFault, OurFault: history or configurations cannot be read.
    """
    now = policies(in_force)
    group = now.groups.of_person.get(asked.person, -1)
    if group < 0:
        return []
    world = _world(history, policies, asked, now, group)
    digest = _rules_at(world, asked.at)
    then = policies(digest)
    keys = [key for key in then.watches.key if _is_asked(key, asked)]
    return [_explained(world, then, key, tries=asked.tries) for key in keys]


def _world(history: Reports, policies: Policies, asked: Asked, now: Policy, group: int) -> World:
    seats = now.groups.seats["levels"].rows(group)
    until = min(asked.at, asked.known)
    rows = history.rows(with_imported([now.devices[seat] for seat in seats.tolist()]), until - WARM_UP, asked.at)
    rows["device"] = seats[rows["device"] % len(seats)]
    outdated = rows["late"] & (rows["received"] - rows["order"] > LATEST)
    return World(rows[~outdated & (rows["received"] <= asked.known)], group, now, policies, history.epochs())


def _rules_at(world: World, at: float) -> str:
    """Digest of the configuration whose rules held at a time."""
    held = [digest for since, digest in world.epochs[1:] if since <= at]
    return held[-1] if held else world.epochs[0][1] if world.epochs else world.now.configuration.digest


def _is_asked(key: Key, asked: Asked) -> bool:
    rule, _, kind = key[1].rpartition("/")
    return key[0] == asked.person and asked.rule in {"", rule} and (not asked.kind or kind_of(asked.kind) == int(kind))


def _explained(world: World, then: Policy, key: Key, *, tries: bool) -> Explanation:
    evidence = found_in(world, key)
    person, rule_kind, zone = key
    rule, watch = then.rules[rule_kind.rpartition("/")[0]], then.watches.key.index(key)
    kind, episode = WatchKind(int(then.watches.kind[watch])), evidence.episode
    duty = _duty(then, watch, evidence.steps[-1].time) if evidence.steps else None
    return Explanation(
        person=person, rule=rule.id, zone=zone, zone_name=then.zones.zone_name(int(then.watches.zone[watch])),
        asks=kind.name.lower(), text=rule_text(then, person, rule.id), basis=rule.basis,
        configuration=then.configuration.digest[:SHOWN], raised=episode is not None,
        why=_why(evidence, kind, duty), threshold=float(posterior(RAISE_AT)), threshold_log_odds=RAISE_AT,
        alarm="" if episode is None else episode.id, kind="" if episode is None else episode.kind,
        onset=None if episode is None else episode.onset, duty=duty, steps=evidence.steps[-MOST_STEPS:],
        left_out=max(0, len(evidence.steps) - MOST_STEPS), flips=Trials(world, key, evidence).all() if tries else [],
        home_m=evidence.home_m,
    )  # fmt: skip


def _duty(policy: Policy, watch: int, time: float) -> tuple[float, float, float] | None:
    """The night of a curfew that holds at a time; None: none does, or there is no curfew."""
    curfew = int(policy.curfews.by_watch[watch])
    if curfew < 0:
        return None
    begins, until = policy.curfews.schedules[int(policy.curfews.schedule[curfew])].window(np.array([time]))
    return None if np.isnan(begins[0]) else (float(begins[0]), float(until[0]), float(policy.curfews.grace[curfew]))


def _why(evidence: Evidence, kind: WatchKind, duty: tuple[float, float, float] | None) -> str:
    if evidence.episode is not None:
        return "raised"
    if not evidence.steps:
        return "nothing"
    last = evidence.steps[-1]
    if last.lifted:
        return "lifted"
    if kind is WatchKind.BE_THERE and duty is None:
        return "no_duty"
    if duty is not None and last.time < duty[0] + duty[2]:
        return "grace"
    return "keeps" if _keeps(last, kind) else "undecided"


def _keeps(last: Step, kind: WatchKind) -> bool:
    return last.verdict == ("outside" if kind is WatchKind.KEEP_OUT else "inside")


def accounts(source: Source, episodes: Sequence[Episode], asked: Asked) -> list[Account]:
    """Explain alarms that rest on no zone's evidence: those given, or whether one of the kind asked for stood.

    Args:
        source: what came.
        episodes: alarms.
        asked: whose, of which kind and rule, and when; with no alarms given and a kind, whether one stood then.

    Raises:
        OurFault: the journal cannot be read.
    """
    mine = [one for one in episodes if one.kind in REASONS and asked.rule in {"", one.rule}]
    if mine or asked.kind not in REASONS:
        return [account_of(source, Sought.of(one), tries=asked.tries) for one in mine]
    sought = sought_at(source.in_force(asked.at), asked.person, asked.kind, asked.rule, asked.at)
    return [] if sought is None else [account_of(source, sought, tries=asked.tries)]


def _standing(store: StateStore, asked: Asked, alarm: str) -> list[Episode]:
    """The alarm that is named; else those of a person that stood at a time, of the kind asked for."""
    if alarm:
        one = store.episode(alarm)
        return [one] if one is not None and one.person == asked.person else []
    held = (one for one in store.episodes_of(asked.person) if asked.kind in {"", one.kind} and not one.retracted)
    return [one for one in held if one.onset <= asked.at and (one.ended is None or one.ended > asked.at)]


def main() -> None:
    """Explain behind everybody else's work, within a bound."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    directory, person, rule, kind, at, known, alarm, in_force = sys.argv[1:]
    storage, asked = Path(directory), Asked(person, rule, kind, float(at), float(known))
    policies, places, others = StoredPolicies(storage / "journal"), list[Explanation](), list[Account]()
    if kind not in REASONS:
        places = explained(HistoryReader(storage / "history"), policies, asked, in_force)
    if kind_of(kind) is None:
        with (
            closing(StateStore(storage / "state.db", read_only=True)) as store,
            closing(FileJournal(storage / "journal", read_only=True)) as journal,
        ):
            source = Source(journal, policies, TowerShelf(TowerVersions(storage)))
            others = accounts(source, _standing(store, asked, alarm), asked)
    sys.stdout.buffer.write(msgspec.json.encode(Explained(places, others)))


if __name__ == "__main__":
    main()
