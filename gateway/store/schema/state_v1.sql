-- state.db, version 1: what the engine concluded, and what is owed to the upstreams.
CREATE TABLE progress (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;

CREATE TABLE episode (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  onset REAL NOT NULL,
  decided REAL NOT NULL,
  resolved INTEGER NOT NULL,
  body TEXT NOT NULL                -- the whole episode, JSON
) STRICT;
CREATE INDEX episode_unresolved ON episode (resolved, decided);

CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,          -- identity and revision
  alarm TEXT NOT NULL,
  body BLOB NOT NULL                -- CloudEvents 1.0 JSON, exactly as sent
) STRICT;

CREATE TABLE outbox (
  upstream TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES event (seq),
  attempted REAL,                   -- handed to the wire; without delivered it is in doubt
  delivered REAL,                   -- the receiver has confirmed
  PRIMARY KEY (upstream, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_owed ON outbox (upstream, seq) WHERE delivered IS NULL;

CREATE TABLE snapshot (
  name TEXT PRIMARY KEY,            -- bank/column, or a JSON part
  dtype TEXT NOT NULL,
  shape TEXT NOT NULL,
  data BLOB NOT NULL
) STRICT;
