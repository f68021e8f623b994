"""Writes the sound of a critical alarm, gateway/console/static/alarm.wav: three rising pairs of tones, less than a second."""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parents[1] / "gateway" / "console" / "static" / "alarm.wav"
RATE: Final = 8000
"""Samples a second, of eight bits."""
TONES: Final = (660.0, 880.0) * 3
"""Hertz."""
LASTS: Final = 0.14
"""Seconds a tone."""
SILENCE, LOUD = 128, 96


def sound() -> bytes:
    """The file's bytes; the same at each run."""
    count = round(RATE * LASTS)
    samples = bytes(
        round(SILENCE + LOUD * math.sin(2 * math.pi * tone * at / RATE) * _swell(at / count))
        for tone in TONES
        for at in range(count)
    )
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(samples)
    return written.getvalue()


def _swell(part: float) -> float:
    """In and out within a tone, so that nothing clicks."""
    return min(1.0, part * 8, (1.0 - part) * 8)


if __name__ == "__main__":
    FILE.write_bytes(sound())
