"""Numbers of many frames as big-endian octets, a row a frame: the parts of which the bulk encoders join frames.

The schemas are the declared truth; tests hold what is joined here to what they build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GMT8 = 8 * 3600


def number(values: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Unsigned big-endian numbers of ``width`` bytes: (n,) to (n, width)."""
    shifts = np.arange(8 * (width - 1), -1, -8)
    return ((values[:, None] >> shifts) & 0xFF).astype(np.uint8)


def same(octets: bytes, count: int) -> NDArray[np.uint8]:
    """The same octets in every row."""
    return np.tile(np.frombuffer(octets, np.uint8), (count, 1))


def joined(*parts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Parts side by side."""
    return np.concatenate(parts, axis=1)


def calendar(moments: NDArray[np.float64], offset: int = 0) -> NDArray[np.int64]:
    """Year of the century, month, day, hour, minute, second of UTC moments shifted by ``offset`` seconds: (n, 6)."""
    at = np.floor(moments).astype(np.int64) + offset
    date = (at // 86400).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]").astype(np.int64) + 1970
    columns = (
        year % 100, month.astype(np.int64) % 12 + 1, (date - month).astype(np.int64) + 1,
        at % 86400 // 3600, at % 3600 // 60, at % 60,
    )  # fmt: skip
    return np.column_stack(columns)


def binary_coded(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Two-digit numbers as binary-coded decimals."""
    return (values // 10 << 4 | values % 10).astype(np.uint8)


def digits(identities: list[str], octets: int) -> NDArray[np.uint8]:
    """Identities as binary-coded decimals, zeros before."""
    coded = b"".join(bytes.fromhex(each.zfill(2 * octets)) for each in identities)
    return np.frombuffer(coded, np.uint8).reshape(-1, octets)


def flattened(rows: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Rows end to end, and the length of each."""
    return rows.ravel(), np.full(len(rows), rows.shape[1], np.int64)


def escaped(rows: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """JT/T 808 frames between flags, 7D and 7E escaped: all frames end to end, and the length of each.

    Source: JT/T 808-2013 and -2019, section 4.4.2.
    """
    flat, marked = rows.ravel(), ((rows == 0x7D) | (rows == 0x7E)).ravel()  # noqa: PLR2004  the standard's octets
    longer = ((rows == 0x7D) | (rows == 0x7E)).sum(axis=1)  # noqa: PLR2004  as above
    length = rows.shape[1] + longer + 2
    edge = 2 * (np.arange(len(flat)) // rows.shape[1]) + 1
    at = np.arange(len(flat)) + np.cumsum(marked) - marked + edge
    out = np.full(int(length.sum()), 0x7E, np.uint8)
    out[at] = np.where(marked, 0x7D, flat)
    out[at[marked] + 1] = flat[marked] - 0x7C
    return out, length.astype(np.int64)
