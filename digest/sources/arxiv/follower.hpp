// Finds out what arXiv announced in a category on a listing day (contracts: arXiv 0, 2.5, 2.7): feed, listing page,
// OAI-PMH, query API, in that order; complete listings only are frozen, everything else says what it is. One polite
// Gate behind it. Used on the I/O thread; one call at a time for a category.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "bot/base/clock.hpp"
#include "digest/calendar/calendar.hpp"
#include "digest/model/listing.hpp"
#include "digest/sources/arxiv/freshness.hpp"
#include "digest/sources/arxiv/remote.hpp"

namespace broadsheet::arxiv {

// The stored listing of a category and day, frozen or not; nothing if there is none.
using StoredListing = std::function<boost::asio::awaitable<Result<std::optional<Listing>>>(Category, Day)>;

class Follower {
 public:
  // `patience`: how long feed and listing page may both be away before a listing is put together by submission time.
  Follower(Remote& remote, Clock& clock, Calendar calendar, StoredListing stored, std::chrono::minutes patience);

  // Never throws but for cancellation. A past day is read from the listing archive (90 days), then by submission time.
  boost::asio::awaitable<ListingOutcome> listing(Category category, Day day);
  const Calendar& calendar() const { return calendar_; }

 private:
  struct FromFeed {
    std::optional<sources::FeedPage> page;  // when it may be current
    FreshnessAnswer verdict;
    std::optional<Error> failed;
  };
  boost::asio::awaitable<ListingOutcome> current(Category category, Day day);
  boost::asio::awaitable<ListingOutcome> past(Category category, Day day);
  boost::asio::awaitable<FromFeed> ask_feed(Category category, Day day);
  boost::asio::awaitable<std::optional<ListingOutcome>> by_page(Category category, Day day, const FromFeed& feed,
                                                                std::optional<Error>& failed, std::string& why);
  ListingOutcome from_page(const Category& category, Day day, sources::ListingPage page, const std::string& source);
  boost::asio::awaitable<bool> guess_is_wanted(Category category, Day day);
  boost::asio::awaitable<ListingOutcome> by_submission(Category category, Day day, std::string failures);
  ListingOutcome unchecked(const Category& category, Day day, FromFeed feed, const std::string& failure) const;
  ListingReady ready(const Category& category, Day day, std::vector<Announced> entries, std::vector<Paper> papers,
                     std::string source, std::string note, bool frozen);

  Remote& remote_;
  Clock& clock_;
  Calendar calendar_;
  StoredListing stored_;
  std::chrono::minutes patience_;
  // Of a feed that was judged not to be current: a 304 says that it still isn't. Forgotten once a batch came.
  std::map<Category, std::string> stale_etag_;
  struct Down {
    Moment since;         // to be told
    SteadyMoment steady;  // to be measured: the wall clock may jump
  };
  const Down& down_since(const Category& category);
  std::map<Category, Down> down_since_;
  struct Highest {
    Day day{};
    PaperId id;
    Category category;
  };
  std::optional<Highest> highest_;  // the highest new id among the categories of a day
};

}  // namespace broadsheet::arxiv
