"""Profiles of devices on the line, from ``profiles.yaml``."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Mapping


class Profile(BaseModel):
    """How one make of device speaks; ``profiles.yaml`` says what each key means."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    edition: Literal[2011, 2013] = 2013
    keep_alive_seconds: int = Field(default=30, ge=1, le=255 * 60)
    payload: Literal["raw", "modem", "items"] = "raw"
    payload_offset: int = Field(default=0, ge=0, le=64)
    payload_profile: str = "standard"
    acknowledge_data: bool = False


def load_profiles() -> Mapping[str, Profile]:
    """All profiles by name, ``standard`` first.

    Raises:
        ValueError: an unknown key or a value out of range (pydantic's message names the place).
    """
    text = (resources.files(__package__) / "profiles.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Profile]).validate_python(YAML(typ="safe", pure=True).load(text))
