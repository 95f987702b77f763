-- key: month, running number and archive of the id as one number, so that newest first is key DESC whatever the order of import.
CREATE TABLE papers (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL, authors_text TEXT NOT NULL, abstract TEXT NOT NULL,
  title_raw TEXT NOT NULL, authors_raw TEXT NOT NULL, abstract_raw TEXT NOT NULL,
  authors TEXT NOT NULL,        -- JSON
  categories TEXT NOT NULL,     -- separated by one space, primary first
  published INTEGER, updated INTEGER,  -- ms UTC
  listed INTEGER,               -- days since 1970
  comment TEXT NOT NULL, doi TEXT NOT NULL, journal_ref TEXT NOT NULL, license TEXT NOT NULL,
  withdrawn INTEGER NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE INDEX papers_listed ON papers(listed) WHERE listed IS NOT NULL;
CREATE TABLE paper_versions (
  key INTEGER NOT NULL REFERENCES papers(key),
  version INTEGER NOT NULL,
  updated INTEGER,
  withdrawn INTEGER NOT NULL,
  title_raw TEXT NOT NULL, abstract_raw TEXT NOT NULL,
  PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE named_values (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
