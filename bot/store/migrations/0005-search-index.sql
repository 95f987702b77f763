-- The search index has other columns and words: it will be built anew (index_build.hpp), and what was known of the old one
-- is forgotten.
DELETE FROM named_values WHERE name IN ('store.indexed_from', 'store.merge_due') OR name GLOB 'store.words*';
