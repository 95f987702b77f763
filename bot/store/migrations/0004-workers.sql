-- Several workers may send: an open row belongs to at most one of them.
ALTER TABLE outbox ADD COLUMN owner TEXT;                      -- a worker's name; NULL: nobody's yet
ALTER TABLE outbox ADD COLUMN term INTEGER NOT NULL DEFAULT 0; -- grows with each owner
CREATE TABLE workers (
  platform TEXT NOT NULL, name TEXT NOT NULL,
  until INTEGER NOT NULL,        -- when its lease ends; 0: it has ended
  PRIMARY KEY (platform, name)
) STRICT, WITHOUT ROWID;
DROP INDEX outbox_open;
CREATE INDEX outbox_free ON outbox(platform, id) WHERE ended IS NULL AND owner IS NULL;
CREATE INDEX outbox_owned ON outbox(target, owner) WHERE ended IS NULL AND owner IS NOT NULL;
-- What was in flight when there were no owners belonged to one that has ended.
UPDATE outbox SET owner='' WHERE ended IS NULL AND state=1;
INSERT INTO workers SELECT DISTINCT platform, '', 0 FROM outbox WHERE owner='';
-- Roles that one process at a time has.
CREATE TABLE leases (
  role TEXT PRIMARY KEY,
  holder TEXT NOT NULL, term INTEGER NOT NULL,
  until INTEGER NOT NULL         -- 0: free
) STRICT, WITHOUT ROWID;
