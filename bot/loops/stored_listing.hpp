// Listings as the store knows them.
#pragma once

#include <optional>

#include "bot/store/store.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::loops {

// The stored listing with its papers, or nothing. One that is not frozen says why in `from.note`.
Result<std::optional<ListingBatch>> stored_batch(store::Store& store, const Category& category, Day day);

// Papers first, then the listing that names them: a crash in between leaves papers without a listing, never a listing
// without papers.
Status store_batch(store::Store& store, const ListingBatch& batch);

}  // namespace broadsheet::loops
