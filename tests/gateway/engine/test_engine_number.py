"""The engine's number is raised when verdicts change: what it says of fixed stories is kept beside it.

Where this fails, and the change is meant: raise ``ENGINE`` in ``gateway/engine/number.py`` and write the file anew with
``python tests/gateway/engine/test_engine_number.py``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from virtual import tell

from gateway.engine import ENGINE

SAID = Path(__file__).parent / "engine_said.json"
STORIES = {"handover": {"days": 1}, "cafe": {"days": 3}}


def said(folder: Path) -> dict[str, list[str]]:
    """What the engine says of each story, a line an event: change, kind, person, zone, onset, end, and when decided."""
    found = {}
    for name, how in STORIES.items():
        told = tell(folder / name, name, **how)
        events = [json.loads(body)["data"] | {"type": json.loads(body)["type"]} for body in told.bodies()]
        found[name] = [
            " ".join(str(event[key]) for key in ("type", "kind", "person", "zone", "onset", "ended", "decided"))
            for event in events
        ]
    return found


def test_an_engine_that_says_otherwise_has_another_number(tmp_path):
    kept = json.loads(SAID.read_text("utf-8"))
    assert kept["engine"] == ENGINE
    assert said(tmp_path) == kept["said"], "verdicts have changed: raise ENGINE, and write the file anew"
    assert all(len(lines) >= 4 for lines in kept["said"].values())


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        text = json.dumps({"engine": ENGINE, "said": said(Path(folder))}, indent=1, ensure_ascii=False)
    SAID.write_text(text + "\n", "utf-8")
