-- Derived data: may be dropped at any time and is rebuilt from papers.
CREATE VIRTUAL TABLE search USING fts5(
  title, authors_text, abstract,
  content='papers', content_rowid='key', tokenize="unicode61 remove_diacritics 2", detail=full);
