-- city.db, version 1: alarms of the counties as they were last told, and when each county was last heard. No places.
CREATE TABLE alarm (
  county TEXT NOT NULL,             -- whose gateway told it
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,        -- the highest that came
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  person TEXT NOT NULL,             -- an opaque id; empty: of nobody
  office TEXT NOT NULL,             -- as it was told; empty: of none
  onset REAL NOT NULL,              -- times are UTC epoch seconds
  ended REAL,
  acknowledged REAL,
  owner TEXT NOT NULL,              -- staff number of the county's; empty: nobody
  closed REAL,
  outcome TEXT NOT NULL,
  disputed REAL,
  retracted INTEGER NOT NULL,
  resolved INTEGER NOT NULL,        -- nobody has to look at it any more
  over REAL,                        -- since when it is resolved; NULL: it is not
  acts TEXT NOT NULL,               -- JSON: what was done, without what was written in free words
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_open ON alarm (county) WHERE resolved = 0;
CREATE INDEX alarm_closed ON alarm (closed) WHERE closed IS NOT NULL;
CREATE INDEX alarm_over ON alarm (over) WHERE over IS NOT NULL;

CREATE TABLE county (
  code TEXT PRIMARY KEY,
  since REAL NOT NULL,              -- when it was heard first
  heard REAL NOT NULL,              -- when its last sign of life was given
  sign TEXT NOT NULL,               -- heartbeat, stopped or lost
  healthy INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
