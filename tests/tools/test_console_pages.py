"""The pictures of the desk are small, and each stands in both guides."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tools import console_pages
from tools.console_pages import MOST, SHOTS, small

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("language", "guide"), [("zh", "console.zh.md"), ("en", "console.md")])
def test_each_picture_is_there_is_small_and_is_shown(language, guide):
    shown = (DOCS / guide).read_text("utf-8")
    for shot in SHOTS:
        name = f"console/{shot.name}.{language}.png"
        assert f"({name})" in shown
        assert (DOCS / name).stat().st_size <= MOST


def test_a_picture_that_stays_too_large_is_refused(monkeypatch):
    out = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(out, "PNG")
    assert len(small(out.getvalue())) <= MOST
    monkeypatch.setattr(console_pages, "MOST", 100)
    with pytest.raises(SystemExit, match="more than 100"):
        small(out.getvalue())
