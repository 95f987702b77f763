// Rows of papers: how a Paper is keyed, merged, written and read. Used under the store's mutex.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/store/papers.hpp"
#include "bot/store/sqlite/db.hpp"

namespace broadsheet::store {

// Month, running number, archive: the same for every store, so newest first is key DESC whatever the order of import.
std::int64_t paper_key(const PaperId& id);

// What `next` adds to what is `known`; see PaperRepository::put.
Paper merged(const Paper& known, const Paper& next);

inline constexpr std::string_view kPaperColumns =
    "p.key, p.id, p.version, p.title, p.abstract, p.title_raw, p.authors_raw, p.abstract_raw, p.authors, p.categories, "
    "p.published, "
    "p.updated, p.listed, p.comment, p.doi, p.journal_ref, p.license, p.withdrawn, p.source";
Result<Paper> read_paper(const Statement& row);

// Statements kept for the life of a connection, by their text.
class Statements {
 public:
  explicit Statements(Db& db) : db_(db) {}
  Result<Statement*> get(const std::string& sql);
  void clear() { kept_.clear(); }

 private:
  Db& db_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> kept_;
};

// What the search index holds of a paper, as its tokenizer wants it.
struct Indexed {
  std::string title, names, abstract, facets;
  bool operator==(const Indexed&) const = default;
};

class Papers {
 public:
  Papers(Db& db, Statements& statements) : db_(db), statements_(statements) {}
  // Inside a transaction of the caller.
  Result<PutResult> put(const Paper& paper);
  // Adds a stored paper to the search index, which does not hold it yet.
  Status index(const Paper& paper);
  Result<std::optional<Paper>> by_id(const PaperId& id);
  // Papers with a smaller key are not in the search index yet; its builder will come to them.
  void index_from(std::int64_t key) { indexed_from_ = key; }
  // Papers of `SELECT kPaperColumns … ` with up to two numbers bound.
  Result<std::vector<Paper>> select(const std::string& rest, const std::vector<std::int64_t>& values);

 private:
  Result<bool> insert(const Paper& paper, bool replace);
  Status write_index(std::int64_t key, const Indexed& row, bool remove);
  Status note_version(const Paper& paper);
  Db& db_;
  Statements& statements_;
  std::int64_t indexed_from_ = 0;
};

}  // namespace broadsheet::store
