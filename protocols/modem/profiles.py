"""Profiles of modems, from ``profiles.yaml``."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Mapping

_Command = Annotated[str, Field(pattern=r"^AT[ -~]{0,60}$")]


class Profile(BaseModel):
    """How one make of modem is asked and read; ``profiles.yaml`` says what each key means."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    commands: tuple[_Command, ...] = ()
    interval_seconds: float = Field(default=60.0, ge=5.0)
    quiet_seconds: float = Field(default=3.0, gt=0.0)
    hexadecimal_gsm_cced: bool = True
    qeng_gsm_ta_column: int = Field(default=0, ge=0, le=40)


def load_profiles() -> Mapping[str, Profile]:
    """All profiles by name, ``standard`` first.

    Raises:
        ValueError: an unknown key or a value out of range (pydantic's message names the place).
    """
    text = (resources.files(__package__) / "profiles.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Profile]).validate_python(YAML(typ="safe", pure=True).load(text))
