#include "bot/app/fetch.hpp"

#include "bot/app/arxiv_door.hpp"
#include "bot/loops/source_memory.hpp"
#include "bot/loops/stored_listing.hpp"

namespace broadsheet::app {
namespace {

Result<std::optional<Day>> newest_stored(store::Store& store, const std::vector<Category>& categories) {
  std::optional<Day> newest;
  for (const auto& category : categories) {
    auto listing = store.listings().last(category, std::nullopt);
    if (!listing) return listing.error();
    if (*listing && (!newest || (*listing)->day > *newest)) newest = (*listing)->day;
  }
  return newest;
}

// Papers that do not say their listing day and were submitted for it: the same that a file of them gives.
Result<std::vector<Paper>> submitted_for(store::Store& store, const Category& category, Day day) {
  constexpr std::chrono::days kWindow{10};  // over the longest holidays
  store::SearchRequest request;
  request.query = "cat:" + category.str() + " from:" + to_string(day - kWindow) + " to:" + to_string(day);
  request.limit = 1000;
  request.order = store::SearchOrder::newest;
  std::vector<Paper> out;
  for (bool more = true; more; request.offset += request.limit) {
    auto found = store.search().find(request);
    if (!found) return found.error();
    for (auto& hit : found->hits)
      if (!hit.paper.listed && listing_day_of(hit.paper) == day) out.push_back(std::move(hit.paper));
    more = found->hits.size() == request.limit;
  }
  return out;
}

// The stored listing, or one made of the papers that were imported for that day.
Result<std::optional<ListingBatch>> known_batch(store::Store& store, const Category& category, Day day) {
  auto stored = loops::stored_batch(store, category, day);
  if (!stored || *stored) return stored;
  auto papers = store.papers().listed(day, category);
  if (!papers) return papers.error();
  auto undated = submitted_for(store, category, day);
  if (!undated) return undated.error();
  papers->insert(papers->end(), undated->begin(), undated->end());
  if (papers->empty()) return std::optional<ListingBatch>();
  return std::optional<ListingBatch>(
      batches_of(*papers, {category}, day, {"imported papers", SystemClock().now(), {}}).front());
}

}  // namespace

Result<FetchedListings> stored_listings(store::Store& store, const arxiv::Calendar& calendar,
                                        const std::vector<Category>& categories, std::optional<Day> day) {
  if (!day) {
    auto newest = newest_stored(store, categories);
    if (!newest) return newest.error();
    if (!*newest)
      return Error(ErrorKind::not_found,
                   "no listing of these categories is stored yet; leave --offline out, or give --source FILE");
    day = *newest;
  }
  FetchedListings out;
  out.day = *day;
  for (const auto& category : categories) {
    auto batch = known_batch(store, category, *day);
    if (!batch) return batch.error();
    if (*batch)
      out.outcomes.emplace_back(ListingReady{std::move(**batch)});
    else if (auto quiet = calendar.quiet(*day))
      out.outcomes.emplace_back(NoAnnouncement{*day, *quiet, calendar.holiday_name(*day), calendar.next_listing(*day)});
    else
      out.outcomes.emplace_back(NotYet{*day, calendar.announced_at(*day), "nothing of it is stored here"});
  }
  return out;
}

namespace {

// One run of the loop for a command.
class OneShot {
 public:
  OneShot(store::Store* store, const config::Settings& settings, Clock& clock, arxiv::Calendar calendar)
      : store_(store),
        machine_(clock, 1, {}),
        door_(machine_.outside(), settings, std::move(calendar),
              store == nullptr ? no_listings() : listings_of(*store, machine_.workers()), std::chrono::minutes(0)) {}

  Result<FetchedListings> run(const std::vector<Category>& categories, Day day,
                              const std::function<void(const std::string&)>& tell) {
    Result<FetchedListings> out;
    machine_.run([](OneShot& self, Result<FetchedListings>& result, auto... asked) -> boost::asio::awaitable<void> {
      result = co_await self.fetch(std::move(asked)...);
    }(*this, out, categories, day, tell));
    return out;
  }

 private:
  boost::asio::awaitable<Result<FetchedListings>> fetch(std::vector<Category> categories, Day day,
                                                        std::function<void(const std::string&)> tell) {
    FetchedListings out;
    out.day = day;
    if (store_ != nullptr) co_await loops::keep_memory(door_.source(), *store_, machine_.workers());
    for (const auto& category : categories) {
      if (store_ != nullptr) {
        auto known = loops::stored_batch(*store_, category, day);  // nothing else runs here: blocking is fine
        if (!known) co_return known.error();
        if (*known && (*known)->listing.frozen) {
          out.outcomes.emplace_back(ListingReady{std::move(**known)});
          continue;
        }
      }
      tell("asking arXiv for " + category.str() + " of " + long_date(day));
      out.outcomes.push_back(co_await door_.source().listing(category, day));
      if (auto* ready = std::get_if<ListingReady>(&out.outcomes.back()); ready != nullptr && store_ != nullptr)
        if (auto kept = loops::store_batch(*store_, ready->batch); !kept) co_return kept.error();
    }
    co_return out;
  }

  store::Store* store_;
  Machine machine_;
  ArxivDoor door_;
};

}  // namespace

Result<FetchedListings> fetched_listings(store::Store* store, const config::Settings& settings, Clock& clock,
                                         const std::vector<Category>& categories, std::optional<Day> day,
                                         const std::function<void(const std::string&)>& tell) {
  auto calendar = load_calendar(settings.arxiv);
  if (!calendar) return calendar.error();
  auto wanted = day.value_or(calendar->current_listing(clock.now()));
  return OneShot(store, settings, clock, std::move(*calendar)).run(categories, wanted, tell);
}

}  // namespace broadsheet::app
