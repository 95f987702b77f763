// What the repositories of the SQLite store share: one connection under one mutex that writes, reads and checkpoints
// (reliability 1: the WAL-reset bug), and the search index with its upkeep. The mutex is recursive: within a
// transaction over several repositories each of them takes it again.
#pragma once

#include <atomic>
#include <mutex>

#include "bot/store/sqlite/index_build.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/sqlite/papers.hpp"
#include "bot/store/sqlite/search.hpp"
#include "bot/store/sqlite/word_counts.hpp"

namespace broadsheet::store {

struct Manner {
  bool writes = true;
  bool repair_later = false;
};

class Engine {
 public:
  Engine(Db opened, FolderLock taken, Manner how) : lock_(std::move(taken)), manner(how), db(std::move(opened)) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();
  Status start();
  bool unclean() const { return unclean_; }
  // The mark of an unclean end stays.
  void found_damage() { damaged_ = true; }

  // Under the mutex.
  // Damage that nothing but the index has: then the index, derived data, is built anew (reliability F38).
  Status heal_index();
  Status start_index();
  Status index_some();

 private:
  Status open_index(bool suspect);
  Status finish_index();

  FolderLock lock_;  // freed after the connection is closed
  bool unclean_ = false;
  bool marked_ = false;  // as being at work
  bool damaged_ = false;

 public:
  std::recursive_mutex mutex;
  const Manner manner;
  Db db;
  Statements statements{db};
  Papers rows{db, statements};
  IndexBuild index{db, statements, rows};
  WordCounts words{db, statements};
  Search search{db, statements, rows, words};
  std::atomic<std::uint64_t> revision = 0;  // of papers
};

// The first thing that is wrong with a table, or nothing.
Result<std::string> damage_of(Db& db, const std::string& table);
Result<std::vector<std::string>> stored_tables(Db& db);
bool belongs_to_index(const std::string& table);

}  // namespace broadsheet::store
