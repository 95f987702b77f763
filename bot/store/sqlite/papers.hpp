// Rows of papers: how a Paper is keyed, merged, written and read. Used under the store's mutex.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/store/paper_record.hpp"
#include "bot/store/papers.hpp"
#include "bot/store/sqlite/db.hpp"

namespace broadsheet::store {

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
