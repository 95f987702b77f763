// The search index as something that can be missing, stale or half built: it is built newest papers first, some at a
// time, and goes on where it stopped (reliability F38, F39). Used under the store's mutex.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "bot/store/sqlite/papers.hpp"

namespace broadsheet::store {

class IndexBuild {
 public:
  IndexBuild(Db& db, Statements& statements, Papers& papers) : db_(db), statements_(statements), papers_(papers) {}

  // How far an earlier process came.
  Status load();
  // Throws the index away and begins anew.
  Status restart();
  // Indexes some more papers.
  Status step();

  // A load leaves an index of many pieces, which later steps merge into one, some pages at a time.
  Status merge_later();
  bool merged() const { return merged_; }
  Status merge_some();

  bool ready() const { return from_ == kAll; }
  // Papers with this key or a greater one are indexed.
  std::int64_t from() const { return from_; }
  // An index is there, and of the kind that this program makes.
  Result<bool> exists();
  // As FTS5 counts them.
  static Result<std::int64_t> indexed(Db& db);
  // As many papers indexed as there are; counts a large table, so it is slow. `db` may be another connection.
  static Result<bool> is_whole(Db& db);
  // While not ready, the month from which on papers can be found: "2025-03", or empty if none can.
  std::string since() const;

 private:
  static constexpr std::int64_t kAll = -1;  // keys are positive
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  Status remove();
  Status remember(std::int64_t from);
  Status note(const char* name, const std::string& value);  // empty: forget

  Db& db_;
  Statements& statements_;
  Papers& papers_;
  std::int64_t from_ = kAll;
  bool merged_ = true;
};

}  // namespace broadsheet::store
