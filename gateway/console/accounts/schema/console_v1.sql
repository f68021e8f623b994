-- console.db, version 1: who may come in, who is in, and who looked at what.
CREATE TABLE account (
  number TEXT PRIMARY KEY,          -- staff number; what it may do stands in the configuration
  password TEXT NOT NULL,           -- Argon2id
  factor TEXT NOT NULL,             -- secret of the second factor, base32; empty: there is none
  next_factor TEXT NOT NULL DEFAULT '', -- one that was shown and not yet proved
  step INTEGER NOT NULL DEFAULT 0,  -- of the last code that was taken: each code once
  must_change INTEGER NOT NULL      -- the password is one that somebody else has seen
) STRICT;

CREATE TABLE knock (
  number TEXT PRIMARY KEY,          -- as it was typed, known or not
  failed INTEGER NOT NULL,
  last REAL NOT NULL,
  locked_until REAL NOT NULL
) STRICT;
CREATE INDEX knock_last ON knock (last);

CREATE TABLE session (
  token BLOB PRIMARY KEY,           -- SHA-256 of what the cookie holds
  name TEXT NOT NULL UNIQUE,        -- in the audit log
  number TEXT NOT NULL,
  ip TEXT NOT NULL,
  begun REAL NOT NULL,
  seen REAL NOT NULL,
  ended REAL                        -- NULL: not by anybody
) STRICT;
CREATE INDEX session_number ON session (number);

CREATE TABLE seen (
  number TEXT NOT NULL,
  alarm TEXT NOT NULL,
  revision INTEGER NOT NULL,        -- the newest that this one has seen of it
  at REAL NOT NULL,
  PRIMARY KEY (number, alarm)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  number TEXT NOT NULL,             -- who looked
  office TEXT NOT NULL,             -- his
  what TEXT NOT NULL,
  person TEXT NOT NULL,
  purpose TEXT NOT NULL,
  session TEXT NOT NULL,
  ip TEXT NOT NULL,
  ok INTEGER NOT NULL               -- 0: it was refused
) STRICT;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_number ON audit (number, at);
CREATE INDEX audit_person ON audit (person, at);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;

CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;

-- 184 days before the newest row: what the law asks for stays, whatever is configured.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.at > (SELECT max(at) FROM audit) - 184 * 86400
BEGIN SELECT RAISE(ABORT, 'the audit log is kept for 184 days'); END;
