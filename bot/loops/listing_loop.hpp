// Follows a source's announcements for the categories that somebody wants: asks from 20:15 Eastern every 15 minutes
// until each listing is complete, fetches missed days, stores what came and says why when nothing can (contracts:
// arXiv 2.5). Used on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/async/bell.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/store/store.hpp"
#include "digest/sources/source.hpp"

namespace broadsheet::loops {

// How a category stands; for /readyz, notices and the scheduler.
struct ListingState {
  enum class Kind : std::uint8_t { unknown, ready, unchecked, not_yet, incomplete, down };
  Category category;
  Day day{};  // the listing day that is looked for
  Kind kind = Kind::unknown;
  std::string detail;  // for people; empty when ready
  Moment checked{};
  Moment since{};                          // when it became so
  std::size_t announced = 0, arrived = 0;  // of incomplete
};

class ListingLoop {
 public:
  // Called after a listing was stored (again); not frozen ones too.
  using Stored = std::function<boost::asio::awaitable<void>(Category, Day)>;

  ListingLoop(const boost::asio::any_io_executor& executor, sources::Source& source, store::Store& store,
              async::Offload& workers, Clock& clock, Metrics& metrics, Stored stored);

  // Adds categories to follow; wakes the loop.
  void want(const std::vector<Category>& categories);
  boost::asio::awaitable<void> run();
  // By category, in the order they were wanted.
  std::vector<ListingState> states() const;
  // When the loop looks again.
  Moment next_look() const { return next_look_; }

 private:
  boost::asio::awaitable<void> look_at(Category category, Day day);
  boost::asio::awaitable<void> catch_up(Category category, Day day);
  boost::asio::awaitable<bool> fetch_missed(Category category, Day day);
  boost::asio::awaitable<bool> keep(Category category, ListingBatch batch);
  boost::asio::awaitable<void> keep_part(Category category, ListingBatch batch);
  boost::asio::awaitable<bool> settled(Category category, Day day);
  void note(const Category& category, Day day, ListingState::Kind kind, std::string detail);
  boost::asio::awaitable<void> rest(bool open);

  sources::Source& source_;
  store::Store& store_;
  async::Offload& workers_;
  Clock& clock_;
  Metrics& metrics_;
  Stored stored_;
  async::Bell wake_;
  std::vector<Category> wanted_;
  std::map<Category, ListingState> states_;
  struct CatchUp {
    Day day{};                          // the listing day before which nothing is missing, or `again` is set
    std::optional<SteadyMoment> again;  // when what is still missing is asked for
  };
  std::map<Category, CatchUp> caught_up_;
  Moment next_look_{};
};

}  // namespace broadsheet::loops
