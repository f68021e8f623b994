"""A file of cells or access points: told from others by its first lines, and read line by line, by gzip or not."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.towers import survey
from gateway.towers.rows import NEEDED, OPTIONAL, RADIOS, Layout
from gateway.towers.survey import SurveyLayout
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

GZIP: Final = b"\x1f\x8b"
LONGEST: Final = 4096
"""Characters of a line that are read; no row is a tenth of that."""
LOOKED_AT: Final = 100
"""Lines at the beginning among which one has to be a row, where no line names the columns."""
USUAL: Final = (
    "radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created", "updated",
    "averagesignal",
)  # fmt: skip
ALIASES: Final = {
    "mnc": "net", "lac": "area", "tac": "area", "cid": "cell", "cellid": "cell", "longitude": "lon", "latitude": "lat",
    "mac": "bssid", "accuracy": "accuracy_m",
}  # fmt: skip
"""Other names of columns, in copies that people have made."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was recognised.

    Attributes:
        digest: SHA-256 of its bytes, in hexadecimal digits: the same file is known again.
        size: bytes.
        header: whether its first line that is not empty names the columns.
    """

    path: Path
    digest: str
    size: int
    layout: Layout | SurveyLayout
    header: bool

    @contextmanager
    def lines(self) -> Iterator[tuple[Iterator[tuple[int, str]], Callable[[], int]]]:
        """Its lines, numbered from 1, those that are empty or name the columns left out; and how many bytes are read.

        Raises (while it is read):
            UserFault: the file cannot be read on.
        """
        with _opened(self.path) as (text, read):
            numbered = _numbered(self.path, text)
            if self.header:
                next(numbered)
            yield numbered, read


def recognised(path: Path) -> Source:
    """Look at a file.

    Raises:
        UserFault: it cannot be read, is empty, or is no table of cells.
    """
    with _opened(path) as (text, _):
        first = list(islice(_numbered(path, text), LOOKED_AT))
    if not first:
        raise UserFault(phrase("towers_empty", path=path))
    layout, header = _layout(path, [line for _, line in first])
    if header and len(first) == 1:
        raise UserFault(phrase("towers_no_rows", path=path))
    return Source(path, _digest(path), path.stat().st_size, layout, header)


def cells_of(line: str) -> Sequence[str]:
    """The cells of a line; of one whose quotation marks have no partner as they stand."""
    if '"' in line:
        try:
            return next(csv.reader([line], strict=True), [])
        except csv.Error:
            return line.split(",")
    return line.split(",")


def _layout(path: Path, lines: list[str]) -> tuple[Layout | SurveyLayout, bool]:
    cells = [name.strip().lower() for name in cells_of(lines[0])]
    names = [ALIASES.get(name, name) for name in cells]
    if "bssid" in names:
        if missing := [name for name in survey.NEEDED if name not in names]:
            raise UserFault(phrase("towers_survey_columns", path=path, missing=", ".join(missing)))
        return SurveyLayout(_where(names, (*survey.NEEDED, *survey.OPTIONAL)), len(names)), True
    missing = [name for name in NEEDED if name not in names]
    if not missing:
        return Layout(_where(names, (*NEEDED, *OPTIONAL)), len(names)), True
    if any(map(_has_the_shape, lines)):
        return Layout(_where(USUAL, (*NEEDED, *OPTIONAL)), len(USUAL)), False
    if len(missing) < len(NEEDED):
        raise UserFault(phrase("towers_columns", path=path, missing=", ".join(missing)))
    points = ",".join((*survey.NEEDED, *survey.OPTIONAL))
    raise UserFault(phrase("towers_foreign", path=path, columns=",".join(USUAL), points=points))


def _where(names: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """Which column has each wanted name; of a name that is there twice the first."""
    return {name: names.index(name) for name in wanted if name in names}


def _has_the_shape(line: str) -> bool:
    """Whether a line looks like a row of a table whose columns nothing names."""
    cells = cells_of(line)
    return len(cells) == len(USUAL) and cells[0].strip().upper() in {*RADIOS, "CDMA"} and cells[1].strip().isdigit()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[str], Callable[[], int]]]:
    """Text, and how many bytes of the file it has taken so far."""
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))
            packed = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
        except OSError as fault:
            raise UserFault(phrase("towers_unreadable", path=path, cause=fault.strerror)) from fault
        file = stack.enter_context(gzip.open(raw)) if packed else raw
        yield stack.enter_context(io.TextIOWrapper(file, "utf-8-sig", errors="replace")), raw.tell


def _numbered(path: Path, text: IO[str]) -> Iterator[tuple[int, str]]:
    number = 0
    while line := _line(path, number, text):
        number += 1
        if stripped := line.strip():
            yield number, stripped


def _line(path: Path, before: int, text: IO[str]) -> str:
    """The next line; of one that is too long the beginning."""
    try:
        line = rest = text.readline(LONGEST)
        while len(rest) == LONGEST and not rest.endswith("\n"):
            rest = text.readline(LONGEST)
    except (OSError, EOFError, zlib.error) as fault:
        raise UserFault(phrase("towers_cut", path=path, line=before, cause=fault)) from fault
    return line


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
