"""The tables of towers.db, and what is said to them."""

from __future__ import annotations

from typing import Final

VERSION: Final = 1
SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS cell (
  mcc INTEGER NOT NULL,
  net INTEGER NOT NULL,
  area INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  radio INTEGER NOT NULL,           -- 1 GSM, 2 UMTS, 3 LTE, 4 NR, 5 WiFi
  latitude REAL NOT NULL,           -- degrees of WGS-84
  longitude REAL NOT NULL,
  range_m REAL NOT NULL,            -- as stated; 0: not; of WiFi the accuracy
  samples INTEGER NOT NULL,         -- as stated; 0: not
  updated INTEGER NOT NULL,         -- UTC epoch seconds, as stated; 0: not
  disputed INTEGER NOT NULL,        -- 1: the file it is of has it at two places far apart
  merge INTEGER NOT NULL,           -- which it came or changed with
  PRIMARY KEY (mcc, net, area, cell, radio)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,             -- SHA-256 of its bytes
  mccs TEXT NOT NULL,               -- which countries were asked for; empty: all
  name TEXT NOT NULL,
  line INTEGER NOT NULL,            -- the last that is staged
  whole INTEGER NOT NULL,           -- 1: it is in
  counts TEXT NOT NULL,             -- JSON
  UNIQUE (digest, mccs)
) STRICT;
CREATE TABLE IF NOT EXISTS staged (
  mcc INTEGER, net INTEGER, area INTEGER, cell INTEGER, radio INTEGER, latitude REAL, longitude REAL, range_m REAL,
  samples INTEGER, updated INTEGER, line INTEGER, file INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS progress (
  name TEXT PRIMARY KEY,            -- 'merge', the last; or 'base' and a digest: the last merge that is in it
  value INTEGER NOT NULL
) STRICT;
PRAGMA user_version={VERSION};
"""
TEMPORARY: Final = """
CREATE TEMP TABLE twice (
  mcc INTEGER, net INTEGER, area INTEGER, cell INTEGER, radio INTEGER, disputed INTEGER,
  PRIMARY KEY (mcc, net, area, cell, radio)
) WITHOUT ROWID;
CREATE TEMP TABLE bounds (mcc INTEGER PRIMARY KEY, south REAL, north REAL, west REAL, east REAL);
"""
SOME: Final = "SELECT mcc, latitude, longitude FROM staged WHERE file = ? AND line % ? = 0"
BOUND: Final = "INSERT INTO bounds VALUES (?,?,?,?,?)"
SWAPPED: Final = """
SELECT staged.rowid, line, latitude, longitude FROM staged JOIN bounds USING (mcc) WHERE file = ?
AND NOT (latitude BETWEEN south AND north AND longitude BETWEEN west AND east)
AND longitude BETWEEN south AND north AND latitude BETWEEN west AND east
ORDER BY line
"""
STAGE: Final = "INSERT INTO staged VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
FIND_TWICE: Final = """
INSERT INTO twice SELECT mcc, net, area, cell, radio, 0 FROM staged WHERE file = ?
GROUP BY mcc, net, area, cell, radio HAVING count(*) > 1
"""
TWICE: Final = """
SELECT mcc, net, area, cell, radio, line, latitude, longitude, updated, samples
FROM staged JOIN twice USING (mcc, net, area, cell, radio) WHERE file = ? ORDER BY mcc, net, area, cell, radio, line
"""
DISPUTE: Final = "UPDATE twice SET disputed = 1 WHERE (mcc, net, area, cell, radio) = (?,?,?,?,?)"
MERGE: Final = """
INSERT INTO cell SELECT mcc, net, area, cell, radio, latitude, longitude, range_m, samples, updated,
  coalesce(disputed, 0), :merge
FROM staged LEFT JOIN twice USING (mcc, net, area, cell, radio) WHERE file = :file
ORDER BY mcc, net, area, cell, radio, line
ON CONFLICT DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude, range_m = excluded.range_m,
  samples = excluded.samples, updated = excluded.updated, disputed = excluded.disputed, merge = excluded.merge
WHERE (excluded.updated, excluded.samples) > (updated, samples)
  OR (radio = :point AND excluded.updated = updated
    AND (excluded.latitude, excluded.longitude, excluded.range_m, excluded.disputed)
      IS NOT (latitude, longitude, range_m, disputed))
"""
"""Of an access point the later import holds where neither row states a later time: few who survey state any."""
