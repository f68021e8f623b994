"""What model profiles of all families have in common: YAML files of a package, a customer's beside them."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Protocol, TypeVar

from ruamel.yaml import YAML

from protocols.errors import ProfileFault
from protocols.on_demand import OnDemand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

DEFAULT = "standard"


class Named(Protocol):
    """A profile's text: its name, and the profile it stands on."""

    name: str
    extends: str


Schema = TypeVar("Schema", bound="BaseModel")
Texts = TypeVar("Texts", bound=Named)


def parse(text: str, schema: type[Schema]) -> Schema:
    """One profile's YAML.

    Raises:
        ValueError: an unknown key, kind, column or flag (pydantic's message names the place).
    """
    return schema.model_validate(YAML(typ="safe", pure=True).load(text))


def texts_of(package: str, schema: type[Schema]) -> Mapping[str, Schema]:
    """The profiles of a package, ``standard`` first: each called like its YAML file, and read when it is asked for."""
    folder = resources.files(package)
    names = sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))
    names.sort(key=lambda name: name != DEFAULT)
    return OnDemand(names, lambda name: parse((folder / f"{name}.yaml").read_text("utf-8"), schema))


def accept(own: Mapping[str, Texts], added: Sequence[Texts]) -> None:
    """See whether a customer's profiles can stand beside a family's own; each may stand on one of ``own``.

    Raises:
        ProfileFault: a name that is taken, or a profile to stand on that is not one of ``own``.
    """
    taken = set(own)
    for text in added:
        if text.name in taken:
            raise ProfileFault(text.name, "name", f"there is already a profile {text.name}")
        if text.extends not in own:
            known = ", ".join(own)
            raise ProfileFault(text.name, "extends", f"no such profile: {text.extends}; it may stand on {known}")
        taken.add(text.name)
