"""A draft's texts into the county's files: all, or none; in the encoding and for the people that there were."""

from __future__ import annotations

import pytest

from gateway.drafts.writing import put
from gateway.settings.files import decoded


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "gateway.yaml").write_bytes("county: 县\r\n".encode("gb18030"))
    (tmp_path / "gateway.yaml").chmod(0o640)
    return tmp_path


def held(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_texts_are_written_as_files_are_and_taken_back(directory):
    before = held(directory)
    undo = put(
        directory, {"gateway.yaml": "county: 县\nmore: 1\n", "zones/new.geojson": "{}\n", "rules/a.yaml": "x: 1\n"}
    )
    after = held(directory)
    assert after["gateway.yaml"] == "county: 县\r\nmore: 1\r\n".encode("gb18030")
    assert decoded(after["gateway.yaml"]) == "county: 县\nmore: 1\n"
    assert after["zones/new.geojson"] == b"{}\n"
    assert oct((directory / "rules/a.yaml").stat().st_mode)[-3:] == "640"
    undo()
    assert held(directory) == before


def test_where_one_cannot_be_written_none_is(directory):
    (directory / "rules").write_text("", "utf-8")
    before = held(directory)
    with pytest.raises(OSError, match="rules"):
        put(directory, {"gateway.yaml": "county: other\n", "zones/new.geojson": "{}\n", "rules/a.yaml": "x: 1\n"})
    assert held(directory) == before
