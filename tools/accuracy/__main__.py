"""make accuracy: how far off we are on real measurements, and how honest about it, beside simple ways and the aims."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tools.accuracy import mixtures
from tools.accuracy.figures import table
from tools.accuracy.plots import draw
from tools.accuracy.sets import datum, folders, rows_of

if TYPE_CHECKING:
    from tools.accuracy.figures import Row

ROOT = Path(__file__).resolve().parents[2]
CONSTANTS = ("gateway/fusion/*.py", "gateway/fusion/scan/constants.py", "gateway/engine/fuse.py")
"""Files whose numbers make the table."""
MADE = "On made tracks, GNSS each two to six minutes and for an hour of two not at all, cells between:"
BEGINS, ENDS = "<!-- make accuracy: begin -->\n", "<!-- make accuracy: end -->\n"


def digests() -> list[str]:
    """Each file of constants and its digest."""
    files = [path for pattern in CONSTANTS for path in sorted(ROOT.glob(pattern)) if path.name != "__init__.py"]
    return [f"`{path.relative_to(ROOT)}` {sha256(path.read_bytes()).hexdigest()[:16]}" for path in files]


def measured(data: Path) -> tuple[str, list[Row]]:
    """The table and what stands below it; sets that are not there are named."""
    there, absent = folders(data)
    rows = [row for folder in there for row in rows_of(folder)]
    missing = [f"NOT MEASURED: {data / name} is absent" for name in absent]
    below = [] if "datum" in absent else [datum(data / "datum")]
    return "\n\n".join([table(rows), *below, *missing, f"Constants: {', '.join(digests())}."]), rows


def put(text: str, page: Path) -> None:
    """Between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    page.write_text(f"{before}{BEGINS}{text}\n{ENDS}{after}", "utf-8")


def main() -> int:
    """Measure, print, and write what is asked for."""
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the sets")
    parser.add_argument("--plots", type=Path, help="write pictures into this folder")
    parser.add_argument("--page", type=Path, help="put the table into this page, between its marks")
    wanted = parser.parse_args()
    text, rows = measured(wanted.data)
    text = f"`make accuracy`, {datetime.now(UTC):%Y-%m-%d}:\n\n{text}\n\n{MADE}\n\n{table(mixtures.rows())}"
    print(text)
    if wanted.plots and rows:
        draw(rows, wanted.plots)
    if wanted.page and rows:
        put(text, wanted.page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
