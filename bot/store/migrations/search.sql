-- Derived data: may be dropped at any time and is rebuilt from papers. The tokenizer is ours (sqlite/tokenizer.hpp);
-- nothing asks for the lengths of papers.
CREATE VIRTUAL TABLE search USING fts5(
  title, authors_text, abstract, facets,
  content='', columnsize=0, tokenize='broadsheet 1', detail=full);
-- Memory for words that are not written yet: with the 1 MB of FTS5 a load spends a quarter more time on merging.
INSERT INTO search(search, rank) VALUES('hashsize', 8388608);
