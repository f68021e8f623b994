"""Profiles of R16H bracelets, from ``profiles.yaml``."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Mapping

_FARTHEST = 14 * 60


class Profile(BaseModel):
    """How one make or setting of the bracelet differs.

    Attributes:
        clock_minutes: how far the device's clock is ahead of UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    clock_minutes: int = Field(default=0, ge=-_FARTHEST, le=_FARTHEST)


def load_profiles() -> Mapping[str, Profile]:
    """All profiles by name, ``standard`` first.

    Raises:
        ValueError: an unknown key or a value out of range (pydantic's message names the place).
    """
    text = (resources.files(__package__) / "profiles.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Profile]).validate_python(YAML(typ="safe", pure=True).load(text))
