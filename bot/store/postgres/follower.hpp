// The search index of an instance: an SQLite store of its own in the data folder that follows the papers on the server
// (docs/decisions/postgres.md). It is derived data, made anew when it is damaged or follows another history.
#pragma once

#include <atomic>
#include <mutex>

#include "bot/store/postgres/pool.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store::postgres {

class Follower {
 public:
  Follower(Pool& pool, OpenOptions options, std::atomic<std::uint64_t>& revision)
      : pool_(pool), options_(std::move(options)), revision_(revision) {}

  struct Standing {
    std::int64_t followed = 0, last = 0;  // changes
    bool complete() const { return followed >= last; }
  };
  enum class Pace : std::uint8_t { some, all };
  // Asks the server for what is new. Beside another process that follows in the same folder it only looks.
  Result<Standing> catch_up(Pace pace);
  // What has been followed so far; nothing is asked of the server. busy: another process is about to make it.
  Result<Store*> index();
  Pace usual_pace() const { return options_.repair_later ? Pace::some : Pace::all; }

 private:
  // Under the mutex.
  Status open();
  Status begin_anew();
  Result<std::int64_t> kept(const char* name);
  Status follow_some();
  Status recall(const std::string& history, std::int64_t last);

  Pool& pool_;
  const OpenOptions options_;
  std::atomic<std::uint64_t>& revision_;
  std::mutex mutex_;
  std::unique_ptr<Store> local_;
  bool writes_ = false;
  bool recalled_ = false;
  std::int64_t followed_ = 0;
};

class FollowedSearch final : public PaperSearch {
 public:
  explicit FollowedSearch(Follower& follower) : follower_(follower) {}
  Result<SearchAnswer> find(const SearchRequest& request) override;
  Result<std::vector<SimilarHit>> similar(const PaperId& id, std::size_t limit) override;

 private:
  Follower& follower_;
};

}  // namespace broadsheet::store::postgres
