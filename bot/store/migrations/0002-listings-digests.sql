CREATE TABLE listings (
  category TEXT NOT NULL, day INTEGER NOT NULL,
  frozen INTEGER NOT NULL,
  source TEXT NOT NULL, fetched INTEGER NOT NULL, note TEXT NOT NULL,
  entries TEXT NOT NULL,        -- JSON: [[id, version, type], …] in source order
  PRIMARY KEY (category, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE digests (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  day INTEGER NOT NULL,
  categories TEXT NOT NULL,     -- " cs.CV cs.RO "
  body TEXT NOT NULL            -- JSON of the whole record
) STRICT;
CREATE INDEX digests_day ON digests(day);
