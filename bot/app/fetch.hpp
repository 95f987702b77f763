// Listings for a one-shot command, from the store.
#pragma once

#include <optional>
#include <vector>

#include "bot/store/store.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::app {

struct FetchedListings {
  Day day{};
  std::vector<ListingOutcome> outcomes;  // one per category, in that order
};

// Without `day`: the newest stored listing of these categories. Papers imported for that day serve where no listing is
// stored. Error (not_found) when there is nothing to start from.
Result<FetchedListings> stored_listings(store::Store& store, const std::vector<Category>& categories,
                                        std::optional<Day> day);

}  // namespace broadsheet::app
