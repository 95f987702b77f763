// An archive that is followed, as the rest of the service sees it: what it announced on a day and how that stands, one
// paper, a search, and what it must not forget over a restart. Another archive is another folder that implements this.
// Used on the I/O thread; waits end when the coroutine is cancelled.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/calendar/calendar.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::sources {

// One thing to be kept for the next process, under a name that no other source uses; an empty value is nothing. Opaque
// to who keeps it.
struct Memory {
  std::string name, value;
  bool operator==(const Memory&) const = default;
};

class Source {
 public:
  virtual ~Source() = default;

  // The state of a category's listing of that day; one call at a time for a category.
  virtual boost::asio::awaitable<ListingOutcome> listing(Category category, Day day) = 0;
  // Errors: not_found (there is no such paper, or no such version), else why it could not be asked.
  virtual boost::asio::awaitable<Result<Paper>> paper(VersionedId id) = 0;
  // By the archive's own search, newest first; at most `limit`.
  virtual boost::asio::awaitable<Result<std::vector<Paper>>> search(std::vector<std::string> words,
                                                                    std::size_t limit) = 0;
  virtual const arxiv::Calendar& calendar() const = 0;

  // All names it uses, with what they hold now.
  virtual std::vector<Memory> memory() const = 0;
  // From an earlier process; what cannot be read is ignored.
  virtual void remember(const Memory& kept) = 0;
  // Waited for whenever `memory` changed, before the answer that changed it is given out: it must outlive a crash in
  // the next moment.
  virtual void on_change(std::function<boost::asio::awaitable<void>()> told) = 0;
};

}  // namespace broadsheet::sources
