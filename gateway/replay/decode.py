"""``bracelet-gateway decode``: a frame in hexadecimal a line in, an account in JSON a line out; never dies."""

from __future__ import annotations

import io
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fencing.datum import Datum, to_wgs84
from gateway.errors import TransientFault, UserFault
from gateway.settings.profiles import family_with
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from protocols.session import Family

MAX_LINE = 1 << 16
"""Characters of a line that are looked at: far above any frame, far below a memory."""
_DECIMALS = 7
_PROFILE_FILES = (".yaml", ".yml")


def run(
    protocol: str,
    profile: str,
    stdin: TextIO | None,
    stdout: TextIO | None,
    clock: Callable[[], float] = time.time,
) -> int:
    """Describe every line of ``stdin``, one line of JSON each, in order, through one session.

    Args:
        protocol: name of a family in :mod:`protocols.registry`.
        profile: name of one of its model profiles, or a YAML file that describes one; empty: its first.
        stdin: hexadecimal digits, blanks between them allowed.
        stdout: flushed after every line.
        clock: UTC epoch seconds, for answers that carry the time.

    Returns:
        0; a line that cannot be read is a line with an ``error``. Also 0 when the reader of the output goes away
        (``| head -1``): it has what it wanted.

    Raises:
        UserFault: no such protocol or profile, or a fault in the profile's file; input or output is closed.
        TransientFault: the input cannot be read or the output not be written (a full disk).
    """
    family, chosen = _family(protocol), profile
    if profile.endswith(_PROFILE_FILES):
        family, chosen = family_with(family, Path(profile))
    chosen = chosen or family.profiles[0]
    if chosen not in family.profiles:
        raise UserFault(f"unknown profile {profile!r} of {protocol}; known: {', '.join(family.profiles)}")
    if stdin is None or stdout is None:
        raise UserFault("decode reads standard input and writes standard output; one of them is closed")
    describe = family.describer(chosen)
    if isinstance(stdin, io.TextIOWrapper):
        stdin.reconfigure(errors="replace")
    try:
        for line in _lines(stdin):
            account = _account(line, describe, clock())
            stdout.write(json.dumps(account, ensure_ascii=False, separators=(",", ":")) + "\n")
            stdout.flush()
    except BrokenPipeError:
        _abandon(stdout)
    except OSError as fault:
        _abandon(stdout)
        raise TransientFault(f"decode stopped: {fault.strerror}") from fault
    return 0


def _abandon(stdout: TextIO) -> None:
    """Let what is still buffered go nowhere: the interpreter flushes once more at its end and would complain."""
    with suppress(OSError):
        descriptor = stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def _family(protocol: str) -> Family:
    family = FAMILIES.get(protocol)
    if family is None:
        raise UserFault(f"unknown protocol {protocol!r}; known: {', '.join(FAMILIES)}")
    return family


def _lines(stdin: TextIO) -> Iterator[str]:
    """Lines, of an overlong one only its beginning."""
    while line := stdin.readline(MAX_LINE):
        rest = line
        while not rest.endswith("\n") and len(rest) == MAX_LINE:
            rest = stdin.readline(MAX_LINE)
        yield line


def _account(line: str, describe: Callable[[bytes, float], dict[str, Any]], now: float) -> dict[str, Any]:
    """One line's account; a line that is no frame gives the same keys with its error."""
    fault = ""
    frame = b""
    try:
        frame = b"" if len(line) >= MAX_LINE else bytes.fromhex(line)
    except ValueError:
        fault = "not_hex: the line is not an even number of hexadecimal digits"
    if len(line) >= MAX_LINE:
        fault = f"too_long: a line has fewer than {MAX_LINE} characters; give one frame a line"
    if not fault and not frame:
        fault = "empty_line: a frame in hexadecimal is expected"
    account = describe(frame, now)
    if fault:
        account["error"] = fault
    for report in account["reports"]:
        _in_wgs84(report)
    return account


def _in_wgs84(report: dict[str, Any]) -> None:
    """Convert a report's position in place and take its ``datum`` away."""
    datum = Datum(report.pop("datum"))
    if datum is Datum.WGS84 or report["latitude"] is None:
        return
    place = to_wgs84(report["latitude"], report["longitude"], datum)
    report["latitude"], report["longitude"] = (round(float(degrees), _DECIMALS) for degrees in place)
