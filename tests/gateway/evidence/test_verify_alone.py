"""The verifier as whoever gets an evidence runs it: one file, beside it Python and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from evidence_made import journaled, made

from gateway.evidence import verify
from gateway.evidence.sealed import file_of, program
from gateway.evidence.verify import packed


def test_the_program_in_the_archive_runs_alone(tmp_path):
    """Beside nothing but Python: no package of ours, none of anybody's."""
    whole = file_of(made(journaled(tmp_path / "journal")), archive=True)
    octets, alone = verify._unpacked(whole)
    (tmp_path / "verify.py").write_bytes(alone)
    assert alone == program()
    for name, blob, code in (
        ("a.zip", whole, 0), ("a.html", octets, 0), ("b.html", octets.replace(b"D01", b"D02"), 1),
        ("c.zip", packed(octets, alone + b"#"), 1), ("d.html", b"nothing", 1),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(blob)
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", name], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code, (name, done.stderr)
        assert ("核验通过" if code == 0 else "核验不通过") in done.stdout.decode(), name
    assert verify.main([str(tmp_path / "absent.html")]) == 2
    with pytest.raises(SystemExit) as said:
        verify.main([])
    assert said.value.code == 2
