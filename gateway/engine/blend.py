"""The rules of a time past for those who wear, and may be looked at, by what is known now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gateway.engine.policy import Policy, compile_policy

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


def blended(then: Policy, now: Policy) -> Policy:
    """Zones, rules and homes of ``then``; devices, wearings, authorities and leave of ``now``."""
    if then.rules_digest == now.rules_digest:
        return now
    if then.rules_digest not in now.blends:
        now.blends[then.rules_digest] = compile_policy(_blend(then.configuration, now.configuration))
    return now.blends[then.rules_digest]


def _blend(then: Configuration, now: Configuration) -> Configuration:
    people = {
        key: replace(one, home=then.people[key].home) if key in then.people else one for key, one in now.people.items()
    }
    rules = tuple(replace(rule, people=tuple(each for each in rule.people if each in people)) for rule in then.rules)
    return replace(
        now, county=then.county, people=people, zones=then.zones, rules=rules, alarms=then.alarms,
        calendar=then.calendar,
        digest=f"{then.digest}+{now.digest}",
    )  # fmt: skip
