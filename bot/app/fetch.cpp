#include "bot/app/fetch.hpp"

#include "bot/app/stored_listing.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::app {
namespace {

Result<std::optional<Day>> newest_stored(store::Store& store, const std::vector<Category>& categories) {
  std::optional<Day> newest;
  for (const auto& category : categories) {
    auto listing = store.last_listing(category, std::nullopt);
    if (!listing) return listing.error();
    if (*listing && (!newest || (*listing)->day > *newest)) newest = (*listing)->day;
  }
  return newest;
}

// The stored listing, or one made of the papers that were imported for that day.
Result<std::optional<ListingBatch>> known_batch(store::Store& store, const Category& category, Day day) {
  auto stored = stored_batch(store, category, day);
  if (!stored || *stored) return stored;
  auto papers = store.papers_listed(day, category);
  if (!papers) return papers.error();
  if (papers->empty()) return std::optional<ListingBatch>();
  return std::optional<ListingBatch>(
      batches_of(*papers, {category}, day, {"imported papers", SystemClock().now(), {}}).front());
}

}  // namespace

Result<FetchedListings> stored_listings(store::Store& store, const std::vector<Category>& categories,
                                        std::optional<Day> day) {
  if (!day) {
    auto newest = newest_stored(store, categories);
    if (!newest) return newest.error();
    if (!*newest)
      return Error(ErrorKind::not_found, "no listing of these categories is stored; give --date, or --source FILE");
    day = *newest;
  }
  FetchedListings out;
  out.day = *day;
  for (const auto& category : categories) {
    auto batch = known_batch(store, category, *day);
    if (!batch) return batch.error();
    if (*batch)
      out.outcomes.emplace_back(ListingReady{std::move(**batch)});
    else
      out.outcomes.emplace_back(NotYet{*day, Moment(*day), "nothing of it is stored here"});
  }
  return out;
}

}  // namespace broadsheet::app
