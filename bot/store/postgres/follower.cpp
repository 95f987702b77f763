#include "bot/store/postgres/follower.hpp"

#include <charconv>
#include <filesystem>

#include "bot/base/log.hpp"
#include "bot/store/paper_record.hpp"
#include "bot/store/postgres/papers.hpp"
#include "bot/store/sqlite/sqlite_store.hpp"

namespace broadsheet::store::postgres {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHistory = "follow.history";
constexpr const char* kFollowed = "follow.change";
constexpr int kPortion = 1000;
constexpr int kChangeColumn = 19;  // after those of a paper

std::int64_t number(const std::string& digits) {
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

}  // namespace

// Whoever else has the folder keeps it up to date; then this process reads.
Status Follower::open() {
  if (local_) return {};
  auto options = options_;
  options.url = "sqlite";
  options.data_dir += "/search";
  options.auto_migrate = true;
  options.read_only = false;
  auto opened = open_sqlite(options);
  if (!opened && opened.error().kind() == ErrorKind::corrupt) {
    log::warning("store.search_index_damaged", {{"what", opened.error().what()}});
    std::error_code ec;
    fs::remove_all(options.data_dir, ec);
    opened = open_sqlite(options);
  }
  writes_ = opened.has_value();
  if (!opened && opened.error().kind() == ErrorKind::busy) {
    options.read_only = true;
    options.auto_migrate = false;
    auto busy = opened.error();
    opened = open_sqlite(options);
    if (!opened) return busy;
  }
  if (!opened) return opened.error();
  local_ = *std::move(opened);
  return {};
}

Status Follower::begin_anew() {
  local_.reset();
  std::error_code ec;
  fs::remove_all(options_.data_dir + "/search", ec);
  return open();
}

// What an earlier process followed counts if it is of this history, and if that has not gone back behind it.
Status Follower::recall(const std::string& history, std::int64_t last) {
  auto known = local_->values().get(kHistory), at = local_->values().get(kFollowed);
  if (!known) return known.error();
  if (!at) return at.error();
  followed_ = *at ? number(**at) : 0;
  recalled_ = writes_;
  if (!writes_ || (*known && **known == history && followed_ <= last)) return {};
  if (*known) {
    log::warning("store.search_index_begins_anew", {{"why", "the database has another history"}});
    if (auto fresh = begin_anew(); !fresh) return fresh;
  }
  followed_ = 0;
  return local_->values().put(kHistory, history);
}

// The papers and how far they go are committed together.
Status Follower::follow_some() {
  auto found = pool_.run(
      "SELECT " + std::string(kPaperColumns) + ", p.change FROM papers p WHERE p.change>$1 ORDER BY p.change LIMIT $2",
      {followed_, std::int64_t{kPortion}});
  if (!found) return found.error();
  if (found->empty()) return {};
  auto papers = read_papers(*found);
  if (!papers) return papers.error();
  auto last = (*found)[found->size() - 1].integer(kChangeColumn);
  auto done = local_->transact([&papers, last](Repositories& parts) -> Status {
    if (auto put = parts.papers().put(*papers); !put) return put.error();
    return parts.values().put(kFollowed, std::to_string(last));
  });
  if (done) followed_ = last;
  return done;
}

Result<Follower::Standing> Follower::catch_up(Pace pace) {
  std::lock_guard guard(mutex_);
  if (auto opened = open(); !opened) return opened.error();
  auto newest = pool_.run("SELECT last, history FROM paper_changes WHERE one=1");
  if (!newest) return newest.error();
  auto last = (*newest)[0].integer(0);
  if (!recalled_ || followed_ > last)
    if (auto begun = recall(std::string((*newest)[0].text(1)), last); !begun) return begun.error();
  for (bool first = true; writes_ && followed_ < last && (first || pace == Pace::all); first = false)
    if (auto done = follow_some(); !done) return done.error();
  raise(revision_, static_cast<std::uint64_t>(last));
  return Standing{followed_, last};
}

Result<Store*> Follower::index() {
  std::lock_guard guard(mutex_);
  if (auto opened = open(); !opened) return opened.error();
  return local_.get();
}

// A server that is away keeps nobody from searching what is here.
Result<SearchAnswer> FollowedSearch::find(const SearchRequest& request) {
  auto standing = follower_.catch_up(follower_.usual_pace());
  auto index = follower_.index();
  if (!index) return index.error();
  auto answer = (*index)->search().find(request);
  if (!answer || (standing && standing->complete())) return answer;
  answer->complete = false;
  answer->note = standing ? "The search index of this instance is being built: " + std::to_string(standing->followed) +
                                " of " + std::to_string(standing->last) + " changes are in it."
                          : "The database cannot be reached: papers that came lately may be missing.";
  return answer;
}

Result<std::vector<SimilarHit>> FollowedSearch::similar(const PaperId& id, std::size_t limit) {
  (void)follower_.catch_up(follower_.usual_pace());
  auto index = follower_.index();
  if (!index) return index.error();
  return (*index)->search().similar(id, limit);
}

}  // namespace broadsheet::store::postgres
