-- Derived data: may be dropped at any time and is rebuilt from papers.
CREATE VIRTUAL TABLE search USING fts5(
  title, authors_text, abstract,
  content='papers', content_rowid='key', tokenize="unicode61 remove_diacritics 2", detail=full);
-- Memory for words that are not written yet: with the 1 MB of FTS5 a load spends a quarter more time on merging.
INSERT INTO search(search, rank) VALUES('hashsize', 8388608);
