"""The engine's face: what other rooms may import, loaded only when it is asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gateway.engine as face

SOURCE = Path(face.__file__)
TOLD = """
import sys
from gateway.engine import Episode
assert Episode.__name__ == "Episode"
print([name for name in sys.modules if name in ("gateway.engine.step", "construct", "shapely")])
"""


def test_what_is_promised_is_there_and_where_the_types_say():
    branch = next(node for node in ast.parse(SOURCE.read_text("utf-8")).body if isinstance(node, ast.If))
    typed = {name.name: node.module for node in branch.body for name in node.names}
    assert set(typed) == set(face.__all__) == set(face._HOMES)
    for name in face.__all__:
        assert typed[name] == f"gateway.engine.{face._HOMES[name]}"
        assert getattr(face, name) is getattr(sys.modules[typed[name]], name)


def test_what_is_not_promised_is_not_there():
    with pytest.raises(AttributeError, match="no 'weigh_all'"):
        face.weigh_all  # noqa: B018  the look is what is tested


def test_a_record_of_the_engine_loads_no_decoder():
    said = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
