-- state.db, version 4: whether somebody was where he has to be, as the engine last said it stands.
CREATE TABLE presence (
  person TEXT NOT NULL,
  rule TEXT NOT NULL,
  duty TEXT NOT NULL,               -- 'curfew': in its hours alone; 'area': at all times
  zone TEXT NOT NULL,
  since REAL NOT NULL,              -- device time; of one duty the intervals are disjoint
  until REAL,                       -- nothing else said, the end of the duty; NULL: none is known
  state TEXT NOT NULL,              -- 'home', 'not_home', 'unknown'
  PRIMARY KEY (person, rule, duty, zone, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_until ON presence (until);
