"""Lists of a roll call of 7,000 phones: seconds of a processor for the plan, the lists, and what is told of them.

python tools/bench_roll_call.py [PHONES]
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "gateway")]

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
from timeline import FOREVER, HOME, Timeline, at, authority, person  # noqa: E402

from fencing.verdict import Verdict  # noqa: E402
from gateway.daemon.roll_call_sheet import digest_of_lists, lines_of  # noqa: E402
from gateway.daemon.roll_call_told import live_rows  # noqa: E402
from gateway.rollcall.call import Called, Going, RollCall  # noqa: E402
from gateway.rollcall.lists import lists_of  # noqa: E402
from gateway.rollcall.plan import planned  # noqa: E402
from gateway.rollcall.roster import Roster  # noqa: E402
from gateway.rollcall.selection import Selection  # noqa: E402
from gateway.settings.model import Assignment, AuthorityKind, Carrier, Credential, Device  # noqa: E402

NOW = at(0, 13)
ROUNDS = 5


def county(count: int) -> Timeline:
    """So many people with a phone each, held to the county's square; nine of ten placed since NOW, one in 50 outside."""
    names = [f"P{number:05d}" for number in range(count)]
    phone = {name: f"F{name[1:]}" for name in names}
    carrier = Carrier("c", "https://c.example", "plain", "wgs84", Credential(), {}, 600, 99_999, 4, 10.0, 500, "86")
    base = Timeline.of().policy.configuration
    told = Timeline.of(
        people={name: person(name, HOME) for name in names}, carriers=(carrier,),
        devices={key: Device(key, "mlp", f"138{at:08d}", "", carrier="c") for at, key in enumerate(phone.values())},
        assignments=tuple(Assignment(phone[name], name, at(-30, 0), FOREVER) for name in names),
        authorities=tuple(replace(authority(name), kind=AuthorityKind.PHONE_CHECK) for name in names),
        rules=(replace(base.rules[0], people=tuple(names)),),
    )  # fmt: skip
    told.run()
    told.state.track["time"][:] = np.where(np.arange(count) % 10 == 0, NOW - 3600.0, NOW + 30.0)
    told.state.watch["verdict"][:] = np.where(told.policy.watches.person % 50 == 0, Verdict.OUT, Verdict.IN)
    return told


def seconds(deed) -> float:
    """Of a processor, the least of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        before = time.process_time()
        deed()
        taken.append(time.process_time() - before)
    return min(taken)


def main() -> None:
    """Print a line a part."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    told = county(count)
    roster, room = Roster.of(told.policy), {"c": count}
    people = tuple(Called(name, "SFS-01", f"F{name[1:]}", f"order {name}") for name in told.policy.people)
    going = Going.of(RollCall("0" * 12, Selection(), "", "bench", "D01", "root", NOW, people=people))
    lists = lists_of(going, roster, told.state, NOW + 60.0)
    parts = {
        "roster, once a configuration": lambda: Roster.of(told.policy),
        "plan": lambda: planned(roster, told.state, Selection(percent=90), "seed", NOW, (), room),
        "lists": lambda: lists_of(going, roster, told.state, NOW + 60.0),
        "told, with the digest": lambda: msgspec.json.encode(
            (live_rows(going, lists, roster, lambda _: True), digest_of_lists(going.call, lists))
        ),
        "lines of the sheet": lambda: msgspec.json.encode(lines_of(going.call, lists)),
    }
    print(f"{count} phones: {lists.counts()}")
    for name, deed in parts.items():
        print(f"{name}: {1000 * seconds(deed):.1f} ms")


if __name__ == "__main__":
    main()
