-- state.db, version 3: the outbox knows what is urgent, what a broker took and did not return, and what is set aside.
CREATE TABLE outbox_v3 (
  upstream TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES event (seq),
  alarm TEXT NOT NULL,              -- of the event: the rows of one alarm go out one after the other
  rank INTEGER NOT NULL,            -- 0 is the most urgent; the rows of one alarm that are owed share theirs
  attempted REAL,                   -- handed to the wire; in doubt until it is acked or delivered
  acked REAL,                       -- the receiver has taken it; it has not come back yet
  delivered REAL,                   -- it came back, or the receiver's word is all there can be
  tries INTEGER NOT NULL DEFAULT 0, -- how often it was refused by itself, or ended a connection
  set_aside TEXT,                   -- 'unconfirmed' or 'poison': sent again by command only
  PRIMARY KEY (upstream, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO outbox_v3 (upstream, seq, alarm, rank, attempted, delivered)
SELECT
  upstream, seq, alarm,
  CASE
    WHEN delivered IS NOT NULL OR NOT json_valid(CAST(body AS TEXT)) THEN 0
    ELSE CASE json_extract(CAST(body AS TEXT), '$.data.severity')
      WHEN 'info' THEN 3 WHEN 'warning' THEN 2 WHEN 'serious' THEN 1 ELSE 0
    END
  END,
  attempted, delivered
FROM outbox JOIN event USING (seq);

DROP TABLE outbox;
ALTER TABLE outbox_v3 RENAME TO outbox;

CREATE INDEX outbox_fresh ON outbox (upstream, rank, seq)
  WHERE attempted IS NULL AND delivered IS NULL AND set_aside IS NULL;
CREATE INDEX outbox_unsettled ON outbox (upstream, rank, seq)
  WHERE attempted IS NOT NULL AND delivered IS NULL AND set_aside IS NULL;
CREATE INDEX outbox_alarm ON outbox (upstream, alarm)
  WHERE delivered IS NULL AND set_aside IS NULL;
CREATE INDEX outbox_aside ON outbox (upstream, set_aside)
  WHERE set_aside IS NOT NULL;

UPDATE outbox SET rank = (
  SELECT min(rank) FROM outbox AS one INDEXED BY outbox_alarm
  WHERE one.upstream = outbox.upstream AND one.alarm = outbox.alarm
    AND one.delivered IS NULL AND one.set_aside IS NULL
) WHERE delivered IS NULL AND set_aside IS NULL;
