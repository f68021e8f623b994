"""What own reports have taught, as files beside the tables: named by SHA-256 over their content, whole or not there."""

from __future__ import annotations

import math
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.errors import OurFault
from gateway.fusion.scan import version
from gateway.fusion.scan.known import Ear, nothing_learnt
from gateway.towers.files import write_whole
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.fusion.scan.shapes import Learnt

LEARNT: Final = ".learnt"
EARS: Final = ".ears"
SUFFIXES: Final = (LEARNT, EARS)


def keep_learnt(directory: Path, learnt: Learnt) -> str:
    """Write what was learnt of cells or access points; returns its digest, empty where that is nothing.

    Raises:
        OSError: it cannot be written.
    """
    if not len(learnt.cell):
        return ""
    digest = version.digest(learnt)
    path = directory / f"{digest}{LEARNT}"
    if not path.exists():
        write_whole(path, lambda file: file.write(version.packed(learnt)))
    return digest


def learnt_of(directory: Path, digest: str) -> Learnt:
    """What was kept under a digest; of an empty one nothing.

    Raises:
        OurFault: it is not there, or not what had been written.
    """
    if not digest:
        return nothing_learnt()
    path = directory / f"{digest}{LEARNT}"
    try:
        return version.unpacked(path.read_bytes(), digest)
    except (OSError, ValueError) as fault:
        raise OurFault(phrase("towers_version_damaged", path=path, cause=fault)) from fault


def keep_ears(directory: Path, ears: Mapping[str, Ear]) -> str:
    """Write how devices hear, by key; returns its digest, empty where nothing is known.

    Raises:
        OSError: it cannot be written.
    """
    told = {
        device: (None if math.isnan(ear.step_m) else ear.step_m, ear.louder_db)
        for device, ear in sorted(ears.items())
        if not math.isnan(ear.step_m) or ear.louder_db != 0.0
    }
    if not told:
        return ""
    content = msgspec.json.encode(told)
    digest = sha256(content).hexdigest()
    path = directory / f"{digest}{EARS}"
    if not path.exists():
        write_whole(path, lambda file: file.write(content))
    return digest


def ears_of(directory: Path, digest: str) -> Mapping[str, Ear]:
    """What was kept under a digest; of an empty one nothing.

    Raises:
        OurFault: it is not there, or not what had been written.
    """
    if not digest:
        return MappingProxyType({})
    path = directory / f"{digest}{EARS}"
    try:
        content = path.read_bytes()
        told = from_json(content, dict[str, tuple[float | None, float]])
    except (OSError, msgspec.MsgspecError) as fault:
        raise OurFault(phrase("towers_version_damaged", path=path, cause=fault)) from fault
    if sha256(content).hexdigest() != digest:
        raise OurFault(phrase("towers_version_damaged", path=path, cause="SHA-256"))
    return MappingProxyType(
        {device: Ear(math.nan if step is None else step, louder) for device, (step, louder) in told.items()}
    )
