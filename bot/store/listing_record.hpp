// How a listing stands in its table, on every engine.
#pragma once

#include <string>

#include "bot/base/result.hpp"
#include "bot/store/row.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::store {

// In the order in which rows are read.
inline constexpr const char* kListingColumns = "day, frozen, source, fetched, note, entries";
std::string entries_json(const Listing& listing);
Result<Listing> read_listing(const Category& category, const Row& row);
Error stays_frozen(const Listing& listing);

}  // namespace broadsheet::store
