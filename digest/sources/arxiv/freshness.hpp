// Whether a feed shows the batch of a listing day (contracts: arXiv 2.5): decided by its content, per category, never
// by the date it declares. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "digest/model/listing.hpp"
#include "digest/sources/readers/feed.hpp"

namespace broadsheet::arxiv {

enum class Freshness : std::uint8_t {
  current,   // new papers that were not seen before, and nothing odd
  stale,     // surely not this day's batch
  doubtful,  // the listing page has to decide; `why` says the reason
};

struct FreshnessQuestion {
  Moment announced{};               // when the day's batch was due
  Moment next_announced{};          // when the batch after it is due
  std::optional<Listing> previous;  // the stored listing of the listing day before
  // The highest new id that another category showed for the same day: one that lags far behind is stale (rule 4).
  std::optional<PaperId> highest_elsewhere;
};

struct FreshnessAnswer {
  Freshness freshness = Freshness::doubtful;
  std::string why;
  bool cut = false;  // the feed may have lost papers (2.6) or an item could not be read
};

FreshnessAnswer judge(const sources::FeedPage& feed, const FreshnessQuestion& question);

// The highest id of type `new`; nothing if there is none.
std::optional<PaperId> highest_new(const std::vector<Announced>& entries);

}  // namespace broadsheet::arxiv
