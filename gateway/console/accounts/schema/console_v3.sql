-- console.db, version 3: packages of one case that were asked for; who looked at what stands in the journal.
CREATE TABLE disclosure (
  id TEXT PRIMARY KEY,              -- 16 hexadecimal digits
  at REAL NOT NULL,                 -- when it was asked for, UTC epoch seconds of the county
  by TEXT NOT NULL,                 -- staff number of who asked
  person TEXT NOT NULL,
  since REAL NOT NULL,              -- of which time, UTC epoch seconds
  until REAL NOT NULL,
  recipient TEXT NOT NULL,
  purpose TEXT NOT NULL,
  document TEXT NOT NULL,
  places INTEGER NOT NULL,          -- 1: with places
  minor TEXT NOT NULL,              -- why, of a minor; empty: of none
  decided REAL,                     -- when it was approved or refused; NULL: it waits
  decided_by TEXT NOT NULL DEFAULT '',
  approved INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosure_at ON disclosure (at);
