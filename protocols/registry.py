"""The wire formats this gateway speaks: one line a family."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from protocols.session import Profiled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
FAMILIES: Mapping[str, Family] = {name: import_module(f"protocols.{name}").FAMILY for name in _NAMES}


def families(added: Mapping[str, Sequence[BaseModel]]) -> Mapping[str, Family]:
    """All families, some of them with a customer's model profiles beside their own.

    Args:
        added: by name of a family that is :class:`protocols.session.Profiled`, checked against its schema.

    Raises:
        ProfileFault: a profile cannot stand beside the others.
    """
    return {name: _with(family, added.get(name, ())) for name, family in FAMILIES.items()}


def _with(family: Family, added: Sequence[BaseModel]) -> Family:
    return family.with_profiles(added) if added and isinstance(family, Profiled) else family
