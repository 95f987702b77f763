// Listings for a one-shot command, from the store or from arXiv.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/clock.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/calendar/calendar.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::app {

struct FetchedListings {
  Day day{};
  std::vector<ListingOutcome> outcomes;  // one per category, in that order
};

// Without `day`: the newest stored listing of these categories. Papers imported for that day serve where no listing is
// stored. Error (not_found) when there is nothing to start from.
Result<FetchedListings> stored_listings(store::Store& store, const arxiv::Calendar& calendar,
                                        const std::vector<Category>& categories, std::optional<Day> day);

// The same from arXiv, politely, with its own loop; complete listings are kept in `store` (null: not kept), and one
// that is stored and frozen is not asked for again. Without `day`: the newest announced. Progress is told to `tell`.
Result<FetchedListings> fetched_listings(store::Store* store, const config::Settings& settings, Clock& clock,
                                         const std::vector<Category>& categories, std::optional<Day> day,
                                         const std::function<void(const std::string&)>& tell);

}  // namespace broadsheet::app
