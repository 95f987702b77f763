#include "digest/sources/arxiv/follower.hpp"

#include <algorithm>
#include <set>

namespace broadsheet::arxiv {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::days kCatchup{90};           // contracts: arXiv 2.7
constexpr std::chrono::minutes kHarvestReady{150};  // 22:30 Eastern, after the announcement at 20:00 (3)
constexpr const char* kFeedSource = "rss.arxiv.org";
constexpr const char* kPageSource = "arxiv.org/list";
constexpr const char* kArchiveSource = "arxiv.org/catchup";
constexpr const char* kHarvestSource = "oaipmh.arxiv.org";
constexpr const char* kApiSource = "export.arxiv.org/api";

std::set<PaperId> announced_today(const std::vector<Announced>& entries) {
  std::set<PaperId> out;
  for (const auto& entry : entries)
    if (entry.type == AnnounceType::new_paper || entry.type == AnnounceType::cross) out.insert(entry.id);
  return out;
}

// The feed has all that the page announces as new today, and nothing that the page has is missing in it.
bool covers(const sources::FeedPage& feed, const sources::ListingPage& page) {
  std::size_t total = 0;
  for (const auto& section : page.sections)
    if (section.type == AnnounceType::new_paper || section.type == AnnounceType::cross) total += section.total;
  auto in_feed = announced_today(feed.entries), on_page = announced_today(page.entries);
  return in_feed.size() == total && std::includes(in_feed.begin(), in_feed.end(), on_page.begin(), on_page.end());
}

// First announcements are first versions; the listing page does not print versions.
void fill_versions(std::vector<Announced>& entries, std::vector<Paper>& papers) {
  for (auto& entry : entries)
    if (entry.version == 0 && entry.type == AnnounceType::new_paper) entry.version = 1;
  for (std::size_t i = 0; i < papers.size() && i < entries.size(); ++i)
    if (papers[i].version == 0) papers[i].version = entries[i].version;
}

// The announcement that a submission window stands for; types as the primary category tells them.
std::vector<Announced> derived_entries(const std::vector<Paper>& papers, const Category& category) {
  std::vector<Announced> out;
  for (const auto& paper : papers) {
    auto primary = Category::parse(paper.primary());
    bool own = primary && primary->canonical() == category.canonical();
    out.push_back({paper.id, 1, own ? AnnounceType::new_paper : AnnounceType::cross});
  }
  return out;
}

}  // namespace

Follower::Follower(Remote& remote, Clock& clock, Calendar calendar, StoredListing stored, std::chrono::minutes patience)
    : remote_(remote), clock_(clock), calendar_(std::move(calendar)), stored_(std::move(stored)), patience_(patience) {}

awaitable<ListingOutcome> Follower::listing(Category category, Day day) {
  if (auto quiet = calendar_.quiet(day))
    co_return NoAnnouncement{day, *quiet, calendar_.holiday_name(day), calendar_.next_listing(day)};
  auto expected = calendar_.announced_at(day);
  if (clock_.now() < expected) co_return NotYet{day, expected, {}};
  if (day < calendar_.current_listing(clock_.now())) co_return co_await past(std::move(category), day);
  co_return co_await current(std::move(category), day);
}

ListingReady Follower::ready(const Category& category, Day day, std::vector<Announced> entries,
                             std::vector<Paper> papers, std::string source, std::string note, bool frozen) {
  fill_versions(entries, papers);
  ListingReady out;
  // A submission window names the likely listing day; `listed` is a fact (contracts: arXiv 5) and stays unset.
  if (frozen)
    for (std::size_t i = 0; i < papers.size() && i < entries.size(); ++i)
      if (entries[i].type == AnnounceType::new_paper) papers[i].listed = day;
  if (auto highest = highest_new(entries); highest && frozen)
    if (!highest_ || highest_->day < day || (highest_->day == day && highest_->id < *highest))
      highest_ = Highest{day, *highest, category};
  out.batch.listing.category = category;
  out.batch.listing.day = day;
  out.batch.listing.entries = std::move(entries);
  out.batch.listing.from = {std::move(source), clock_.now(), std::move(note)};
  out.batch.listing.frozen = frozen;
  out.batch.papers = std::move(papers);
  stale_etag_.erase(category);
  down_since_.erase(category);
  return out;
}

awaitable<Follower::FromFeed> Follower::ask_feed(Category category, Day day) {
  FromFeed out;
  auto known = stale_etag_.find(category);
  auto answer = co_await remote_.feed(category, known == stale_etag_.end() ? std::string() : known->second);
  if (!answer) {
    out.failed = std::move(answer).error();
    co_return out;
  }
  if (answer->unchanged) {
    out.verdict = {Freshness::stale, "the feed has not changed", false};
    co_return out;
  }
  auto previous = co_await stored_(category, calendar_.previous_listing(day));
  FreshnessQuestion question;
  question.announced = calendar_.announced_at(day);
  question.next_announced = calendar_.announced_at(calendar_.next_listing(day));
  if (previous) question.previous = std::move(*previous);
  if (highest_ && highest_->day == day && highest_->category != category) question.highest_elsewhere = highest_->id;
  out.verdict = judge(answer->page, question);
  if (out.verdict.freshness == Freshness::stale)
    stale_etag_[category] = answer->etag;
  else
    out.page = std::move(answer->page);
  co_return out;
}

awaitable<ListingOutcome> Follower::current(Category category, Day day) {
  auto feed = co_await ask_feed(category, day);
  if (!feed.failed && feed.verdict.freshness == Freshness::current)
    co_return ready(category, day, std::move(feed.page->entries), std::move(feed.page->papers), kFeedSource, {}, true);
  std::optional<Error> page_failed;
  std::string why = feed.verdict.why;
  if (auto settled = co_await by_page(category, day, feed, page_failed, why)) co_return std::move(*settled);
  // The page is not to be had either.
  if (!feed.failed && feed.verdict.freshness == Freshness::doubtful && !feed.page->entries.empty())
    co_return unchecked(category, day, std::move(feed), page_failed->what());
  if (!feed.failed) co_return NotYet{day, calendar_.announced_at(day), feed.verdict.why + "; " + page_failed->what()};
  auto failures = feed.failed->what() + "; " + page_failed->what();
  const auto& down = down_since(category);
  if (clock_.steady_now() - down.steady < patience_)
    co_return SourceDown{day, Error(ErrorKind::unavailable, failures), down.since};
  co_return co_await by_submission(category, day, std::move(failures));
}

// The listing page's word, or nothing with `failed` set.
awaitable<std::optional<ListingOutcome>> Follower::by_page(Category category, Day day, const FromFeed& feed,
                                                           std::optional<Error>& failed, std::string& why) {
  auto page = co_await remote_.listing_page(category, std::nullopt);
  if (page || !feed.failed) down_since_.erase(category);
  if (!page) {
    failed = std::move(page).error();
    co_return std::nullopt;
  }
  if (!page->day || *page->day != day) {
    auto shown = page->day ? "the listing page shows " + long_date(*page->day) : "the listing page names no day";
    co_return NotYet{day, calendar_.announced_at(day), why.empty() ? shown : why + "; " + shown};
  }
  // An empty day is final only when the feed, made after the announcement, is empty too.
  if (page->says_empty && !(feed.page && feed.page->entries.empty() && !feed.verdict.cut)) {
    failed = Error(ErrorKind::transient, "the listing page shows nothing");
    co_return std::nullopt;
  }
  // The feed has the abstracts and licences of the same batch: taken where it has what the page names.
  if (feed.page && !feed.page->entries.empty() && !feed.verdict.cut && covers(*feed.page, *page)) {
    auto copy = *feed.page;
    co_return ready(category, day, std::move(copy.entries), std::move(copy.papers), kFeedSource, {}, true);
  }
  co_return from_page(category, day, std::move(*page), kPageSource);
}

ListingOutcome Follower::from_page(const Category& category, Day day, sources::ListingPage page,
                                   const std::string& source) {
  auto arrived = page.entries.size();
  auto batch = ready(category, day, std::move(page.entries), std::move(page.papers), source, {}, page.complete);
  if (page.complete) return batch;
  return Incomplete{day, page.announced, arrived, std::move(batch.batch)};
}

// contracts: arXiv 2.5, 6: a batch generated after the expected announcement counts, and the digest says so.
ListingOutcome Follower::unchecked(const Category& category, Day day, FromFeed feed, const std::string& failure) const {
  ListingBatch batch;
  fill_versions(feed.page->entries, feed.page->papers);
  batch.listing.category = category;
  batch.listing.day = day;
  batch.listing.entries = std::move(feed.page->entries);
  batch.listing.from = {kFeedSource, clock_.now(),
                        "could not be checked against the listing page (" + feed.verdict.why + "; " + failure + ")"};
  batch.papers = std::move(feed.page->papers);
  auto arrived = batch.listing.entries.size();
  if (feed.verdict.cut) return Incomplete{day, arrived + feed.page->problems.size(), arrived, std::move(batch)};
  return ListingReady{std::move(batch)};
}

awaitable<ListingOutcome> Follower::past(Category category, Day day) {
  std::string failure = "the listing archive reaches back 90 days";
  if (clock_.now() - Moment(day) < kCatchup) {
    auto page = co_await remote_.listing_page(category, day);
    if (page && page->day == day) co_return from_page(category, day, std::move(*page), kArchiveSource);
    failure = page ? "the listing archive answered with another day" : page.error().what();
  }
  co_return co_await by_submission(std::move(category), day, std::move(failure));
}

// What is stored of the day is better than a guess, or is one; asked again only where the query API, which is late with
// the newest papers, was asked before the harvest was ready (contracts: arXiv 1.7: results do not change within a day).
awaitable<bool> Follower::guess_is_wanted(Category category, Day day) {
  auto known = co_await stored_(category, day);
  if (!known || !*known) co_return true;
  const auto& from = (*known)->from;
  co_return from.source == kApiSource&& from.fetched < calendar_.announced_at(day) + kHarvestReady&& clock_.now() >=
                               calendar_.announced_at(day) + kHarvestReady;
}

// By submission time: names the right listing in 98.7 % (contracts: arXiv 5), so it is said and never frozen.
awaitable<ListingOutcome> Follower::by_submission(Category category, Day day, std::string failures) {
  if (!co_await guess_is_wanted(category, day))
    co_return SourceDown{day, Error(ErrorKind::unavailable, failures), down_since(category).since};
  auto window = calendar_.submissions(day);
  auto announced = calendar_.announced_at(day);
  std::string note = "put together by submission time, because the listing could not be had";
  if (clock_.now() >= announced + kHarvestReady) {
    auto from = std::chrono::floor<std::chrono::days>(announced) - std::chrono::days(1);
    auto papers = co_await remote_.harvest(category, from, window);
    if (papers && !papers->empty()) {
      auto entries = derived_entries(*papers, category);
      co_return ready(category, day, std::move(entries), std::move(*papers), kHarvestSource, note, false);
    }
    failures += "; " + (papers ? "OAI-PMH has nothing of that window" : papers.error().what());
  }
  auto papers = co_await remote_.submitted(category, window);
  if (papers) {
    auto entries = derived_entries(*papers, category);
    co_return ready(category, day, std::move(entries), std::move(*papers), kApiSource, note, false);
  }
  failures += "; " + papers.error().what();
  Error error(ErrorKind::unavailable, failures);
  if (auto wait = papers.error().retry_after()) error.retry_after(*wait);
  co_return SourceDown{day, std::move(error), down_since(category).since};
}

const Follower::Down& Follower::down_since(const Category& category) {
  return down_since_.try_emplace(category, Down{clock_.now(), clock_.steady_now()}).first->second;
}

}  // namespace broadsheet::arxiv
