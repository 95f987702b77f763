#include "bot/loops/stored_listing.hpp"

namespace broadsheet::loops {

Result<std::optional<ListingBatch>> stored_batch(store::Store& store, const Category& category, Day day) {
  auto listing = store.listing(category, day);
  if (!listing) return listing.error();
  if (!*listing) return std::optional<ListingBatch>();
  std::vector<PaperId> ids;
  for (const auto& entry : (*listing)->entries) ids.push_back(entry.id);
  auto papers = store.papers(ids);
  if (!papers) return papers.error();
  return std::optional<ListingBatch>(ListingBatch{std::move(**listing), std::move(*papers)});
}

Status store_batch(store::Store& store, const ListingBatch& batch) {
  auto put = store.put_papers(batch.papers);
  if (!put) return put.error();
  return store.put_listing(batch.listing);
}

}  // namespace broadsheet::loops
