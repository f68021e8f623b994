-- console.db, version 5: signed requests between a city's desk and its counties'.
CREATE TABLE nonce (
  nonce TEXT PRIMARY KEY,           -- of a signed request that was taken
  at REAL NOT NULL                  -- UTC epoch seconds
) STRICT, WITHOUT ROWID;

CREATE TABLE asked (
  id TEXT PRIMARY KEY,              -- the request's number, on both sides
  at REAL NOT NULL,                 -- UTC epoch seconds, as all times here
  by TEXT NOT NULL,                 -- staff number of the city
  county TEXT NOT NULL,
  person TEXT NOT NULL,
  since REAL NOT NULL,
  until REAL NOT NULL,
  purpose TEXT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL,              -- unsent, waits, approved, refused, past, rejected
  decided_by TEXT NOT NULL,         -- by whom in the county; empty: by nobody
  zh TEXT NOT NULL,                 -- why not, in either language
  en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE screen (
  digest BLOB PRIMARY KEY,          -- SHA-256 of what its cookie holds
  name TEXT NOT NULL UNIQUE,
  by TEXT NOT NULL,                 -- staff number of the leader who hung it
  made REAL NOT NULL,               -- UTC epoch seconds
  seen REAL NOT NULL                -- to the hour
) STRICT;
