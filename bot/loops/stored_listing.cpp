#include "bot/loops/stored_listing.hpp"

namespace broadsheet::loops {

Result<std::optional<ListingBatch>> stored_batch(store::Store& store, const Category& category, Day day) {
  auto listing = store.listings().get(category, day);
  if (!listing) return listing.error();
  if (!*listing) return std::optional<ListingBatch>();
  std::vector<PaperId> ids;
  for (const auto& entry : (*listing)->entries) ids.push_back(entry.id);
  auto papers = store.papers().get(ids);
  if (!papers) return papers.error();
  return std::optional<ListingBatch>(ListingBatch{std::move(**listing), std::move(*papers)});
}

Status store_batch(store::Store& store, const ListingBatch& batch) {
  return store.transact([&batch](store::Repositories& parts) -> Status {
    auto put = parts.papers().put(batch.papers);
    if (!put) return put.error();
    return parts.listings().put(batch.listing);
  });
}

}  // namespace broadsheet::loops
