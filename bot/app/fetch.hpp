// Listings for a one-shot command: from the store, and from arXiv where the store has none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::app {

struct FetchedListings {
  Day day{};
  std::vector<ListingOutcome> outcomes;  // one per category, in that order
};

// Without `day`: the newest listing that should be out. Blocking; runs its own I/O loop. `offline`: the store only.
// What arrives is stored. While a service owns the data folder the store is read and arXiv is not asked: the service is
// the one client that may (contracts: arXiv 4).
Result<FetchedListings> fetch_listings(const config::Settings& settings, const std::vector<Category>& categories,
                                       std::optional<Day> day, bool offline);

}  // namespace broadsheet::app
