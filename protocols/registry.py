"""The wire formats this gateway speaks: one line a family, loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from protocols.on_demand import OnDemand
from protocols.session import Prepared, Profiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import BaseModel

    from protocols.session import Family

_NAMES = (
    "annex_a",
    "gt06",
    "jt808",
    "mlp",
    "modem",
    "r16h",
)
"""Folders beside this file, each exporting ``FAMILY``."""


def _loaded(name: str) -> Family:
    family: Family = import_module(f"protocols.{name}").FAMILY
    return family


FAMILIES: Mapping[str, Family] = OnDemand(_NAMES, _loaded)


def families(added: Mapping[str, Sequence[BaseModel]]) -> Mapping[str, Family]:
    """All families, some of them with a customer's model profiles beside their own.

    Args:
        added: by name of a family that is :class:`protocols.session.Profiled`, checked against its schema.

    Raises:
        ProfileFault: a profile cannot stand beside the others.
    """
    special = {name: _with(FAMILIES[name], profiles) for name, profiles in added.items() if profiles}
    return OnDemand(FAMILIES, lambda name: special.get(name) or FAMILIES[name])


def prepare(families: Mapping[str, Family], spoken: Iterable[str]) -> None:
    """Make the families that are spoken ready: whoever listens afterwards need not wait for it."""
    for family in [families[name] for name in sorted(spoken)]:
        if isinstance(family, Prepared):
            family.prepare()


def _with(family: Family, added: Sequence[BaseModel]) -> Family:
    return family.with_profiles(added) if isinstance(family, Profiled) else family
